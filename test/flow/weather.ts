/** A webhook receiver in bad weather: it takes what it is sent, and fails in all the ways in which others fail. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Posted } from './box.ts'

/** 'taken': it takes the alert, and then fails to say so. */
export const WEATHERS = ['fine', 'error', 'busy', 'hang', 'taken', 'refused'] as const
export type Weather = (typeof WEATHERS)[number]

/** What the webhook channel posts of a site's alert besides. */
export interface SitePosted extends Posted {
  readonly site?: string
  readonly back?: readonly string[]
  readonly missing?: readonly string[]
  readonly outages?: Readonly<Record<string, string>>
}

export interface WeatherReceiver {
  readonly url: string
  /** Repeats included, in the order of their arrival. */
  readonly posted: readonly SitePosted[]
  turn(weather: Weather): Promise<void>
  close(): void
}

const PLAIN: Readonly<Partial<Record<Weather, number>>> = { fine: 200, taken: 502, error: 500, busy: 429 }

export async function startWeatherReceiver(): Promise<WeatherReceiver> {
  const posted: SitePosted[] = []
  let weather: Weather = 'fine'
  let server = await listen(0)
  const { port } = server.address() as AddressInfo

  async function listen(at: number): Promise<Server> {
    const listener = createServer((request, response) => {
      let body = ''
      request.on('data', (part) => {
        body += part
      })
      request.on('end', () => {
        if (weather === 'fine' || weather === 'taken')
          posted.push({ ...(JSON.parse(body) as SitePosted), arrivedAt: Date.now() })
        const status = PLAIN[weather]
        if (status !== undefined) response.writeHead(status, status === 429 ? { 'Retry-After': '1' } : {}).end()
      })
    }).listen(at, '127.0.0.1')
    await once(listener, 'listening')
    return listener
  }

  function close(): void {
    server.close()
    // Whoever still hangs is cut off.
    server.closeAllConnections()
  }

  return {
    url: `http://127.0.0.1:${port}/`,
    posted,
    async turn(next) {
      if (weather === 'refused' && next !== 'refused') server = await listen(port)
      if (weather === 'hang') server.closeAllConnections()
      if (next === 'refused' && weather !== 'refused') close()
      weather = next
    },
    close,
  }
}
