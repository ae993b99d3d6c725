/** Who was told silent, and when that arrived: first word only. Webhooks of a checker under test end here. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

export class Told extends Map {
  /** @type {() => void} */
  #ring = () => {}

  /** @param {string} host */
  note(host) {
    if (!this.has(host)) this.set(host, Date.now())
    this.#ring()
  }

  /**
   * @param {number} count
   * @param {number} limitMs
   */
  async until(count, limitMs) {
    const limit = wait(limitMs, undefined, { ref: false })
    let over = false
    void limit.then(() => {
      over = true
      this.#ring()
    })
    while (this.size < count && !over) {
      await new Promise((resolve) => {
        this.#ring = () => resolve(undefined)
      })
    }
  }
}

/**
 * @param {Told} told gets the hosts of each silence that is posted
 * @returns where a webhook channel is to post, and how to end it
 */
export async function hear(told) {
  const hook = createServer(async (req, res) => {
    const { kind, hosts } = /** @type {{ kind: string, hosts: string[] }} */ (await json(req))
    res.end()
    if (kind === 'silent') for (const host of hosts) told.note(host)
  }).listen(0, '127.0.0.1')
  await once(hook, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (hook.address())
  return { url: `http://127.0.0.1:${port}/`, close: () => hook.close() }
}

/**
 * The delay that a share of all do not exceed.
 * @param {readonly number[]} delays
 */
export function percentiles(delays) {
  const sorted = delays.toSorted((a, b) => a - b)
  return (/** @type {number} */ share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
