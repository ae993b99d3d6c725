import { DeliveryError } from '../channels/channel.ts'

/** @throws DeliveryError when the sending has not ended after so many milliseconds; it is not waited for any more */
export async function within<T>(limitMs: number, sending: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeliveryError('no answer in time')), limitMs)
  })
  try {
    return await Promise.race([sending, limit])
  } finally {
    clearTimeout(timer)
  }
}
