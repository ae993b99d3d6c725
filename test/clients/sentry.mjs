/** An application that reports with the Sentry SDK of Node: `sentry.mjs DSN SLUG`. */
import * as Sentry from '@sentry/node'

const [dsn, monitorSlug] = process.argv.slice(2)
const monitor = { schedule: { type: 'interval', value: 10, unit: 'minute' }, checkinMargin: 2, maxRuntime: 5 }

function applyCoupon(cart) {
  return cart.coupon.percent
}

Sentry.init({ dsn, release: 'shop@2.0.0', environment: 'production', serverName: 'web-1' })
const checkInId = Sentry.captureCheckIn({ monitorSlug, status: 'in_progress' }, monitor)
Sentry.addBreadcrumb({ category: 'cart', message: 'opened the cart' })
Sentry.setTag('plan', 'free')
try {
  applyCoupon({})
} catch (error) {
  Sentry.captureException(error, { extra: { cart: 'empty', password: 'of-a-person' } })
}
Sentry.captureMessage('stock is low', 'warning')
Sentry.captureCheckIn({ checkInId, monitorSlug, status: 'ok', duration: 1.5 }, monitor)
if (!(await Sentry.flush(5000))) process.exitCode = 1
// Uncaught: the SDK reports it and ends the process.
setTimeout(() => {
  throw new RangeError('nobody caught this')
})
