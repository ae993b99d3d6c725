/**
 * `npm run chaos`: 200 hosts in ten sites fall and come back, alone and with their whole site, while the server and the
 * checker are killed every few seconds and both channels fail in all the ways they know. What must come out: every
 * outage is told with its end, nobody is accused who was heard, and what is told twice carries the same id.
 * A short one runs with all tests; CHAOS_S says for how many seconds.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAbsences } from '../../shared/absences.ts'
import { listNames } from '../../shared/files.ts'
import { dataPaths } from '../../shared/paths.ts'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts'
import { Box, freePort, PASSWORD, type Program, USER, until } from './box.ts'
import { Crowd, type Member } from './crowd.ts'
import { type Facts, tallyOf } from './tally.ts'
import { startWeatherReceiver, WEATHERS, type WeatherReceiver } from './weather.ts'

const LENGTH_MS = Number(process.env.CHAOS_S ?? 50) * 1000
const SITES = 10
const HOSTS_OF_A_SITE = 20
const INTERVAL_MS = 1000
const TIMEOUT_MS = 6000
const SITE_WAIT_MS = 2000
/** The longest that the rules may wait: a whole timeout anew, the site's others and the sites' others, and who returns. */
const MARGIN_MS = 1000 + (1000 + TIMEOUT_MS) + 2 * SITE_WAIT_MS + 2 * (1000 + 1.5 * INTERVAL_MS) + 3000
/** With a server that is away for a third of the time, this is told for certain. */
const LONG_S = [34, 42] as const
const SETTLE_LIMIT_MS = 180_000
const PROGRAMS: readonly Program[] = ['server', 'checker']
const CHAT = 42

const sites = Array.from({ length: SITES }, (_, index) => `site-${index}`)
const members: Member[] = sites.flatMap((site, of) =>
  Array.from({ length: HOSTS_OF_A_SITE }, (_, index) => ({
    name: `${site}-host-${index}`,
    site,
    address: `203.0.${113 + of}.${1 + index}`,
  })),
)
const random = (low: number, high: number) => low + Math.random() * (high - low)
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

const box = new Box()
const paths = dataPaths(box.data)
let hook: WeatherReceiver
let telegram: FakeTelegram
let crowd: Crowd

beforeAll(async () => {
  const port = await freePort()
  hook = await startWeatherReceiver()
  telegram = await startFakeTelegram()
  const kinds = 'silent, recovered, site-silent, site-recovered, nothing-reaches-me, reachable-again'
  box.configure(
    `server: { listen: "127.0.0.1:${port}", user: ${USER}, password: "${PASSWORD}", trustProxy: true }
defaults: { timeout: ${TIMEOUT_MS / 1000}s, reminder: 1d, unstable: { changes: 1000, within: 1h } }
sites: { ${sites.map((site) => `${site}: { siteWait: ${SITE_WAIT_MS / 1000}s }`).join(', ')} }
channels:
  hook: { type: webhook, url: "${hook.url}", kinds: [${kinds}] }
  chat: { type: telegram, chat: ${CHAT}, token: "123:TEST", apiRoot: "${telegram.url}", kinds: [${kinds}] }
`,
  )
  crowd = new Crowd(port, members, INTERVAL_MS)
})

afterAll(async () => {
  await crowd.end()
  await box.remove()
  hook.close()
  await telegram.close()
})

/** Falls now and then, for moments that nobody should hear of and for long enough to be told; up at the end. */
async function live(names: readonly string[], firstAtMs: number, endsAt: number): Promise<void> {
  await sleep(firstAtMs)
  for (;;) {
    const long = Math.random() < 0.7
    const lengthMs = (long ? random(...LONG_S) : random(1, 12)) * 1000
    if (Date.now() + lengthMs > endsAt) return
    crowd.fall(names)
    await sleep(lengthMs)
    const power = Math.random() < 0.5
    crowd.rise(names, () => power)
    await sleep(random(12_000, 60_000))
  }
}

async function killAtRandom(endsAt: number): Promise<number> {
  let kills = 0
  while (Date.now() < endsAt) {
    await sleep(random(2000, 5000))
    const program = PROGRAMS[Math.floor(Math.random() * PROGRAMS.length)]!
    await box.kill(program, 'SIGKILL')
    box.launch(program)
    kills++
  }
  return kills
}

async function changeWeather(endsAt: number): Promise<void> {
  let chatFailures = 1
  telegram.fail('sendMessage', 'hang')
  while (Date.now() < endsAt) {
    await sleep(random(500, 2500))
    await hook.turn(WEATHERS[Math.floor(Math.random() * WEATHERS.length)]!)
    // Half of its calls at most: failures that pile up would all meet the same message.
    if (telegram.calls.length >= 2 * chatFailures) {
      const failure = (['html', 'reset', { retryAfter: 1 }] as const)[Math.floor(random(0, 3))]!
      chatFailures++
      telegram.fail('sendMessage', failure)
    }
    await sleep(random(500, 2000))
    await hook.turn('fine')
  }
}

function facts(): Facts {
  return {
    members,
    posted: hook.posted,
    quiets: crowd.quiets,
    heard: crowd.heard,
    absences: readAbsences(paths, 'server'),
    timeoutMs: TIMEOUT_MS,
    intervalMs: INTERVAL_MS,
    marginMs: MARGIN_MS,
  }
}

/** In every site some hosts fall by themselves; half of the sites fall whole, and those hosts with them. */
function planned(endsAt: number): Promise<void>[] {
  const firstWithin = Math.max(5000, LENGTH_MS - 45_000)
  const alone = members.filter((_, index) => index % HOSTS_OF_A_SITE < 4).map(({ name }) => [name])
  const together = sites.slice(SITES / 2).map((of) => namesOf(members.filter(({ site }) => site === of)))
  return [...alone, ...together].map((names) => live(names, random(3000, firstWithin), endsAt))
}

const namesOf = (some: readonly Member[]) => some.map(({ name }) => name)

test(
  'sites and hosts fall and return under kill -9: nothing is lost, nothing is false, repeats carry the same id',
  async () => {
    for (const program of PROGRAMS) await box.start(program)
    crowd.start()
    await until('all heard', () => members.every(({ name }) => crowd.heard.get(name)!.length > 2))
    const endsAt = Date.now() + LENGTH_MS
    const [kills] = await Promise.all([killAtRandom(endsAt), changeWeather(endsAt), ...planned(endsAt)])

    const isSettled = () => {
      const { lost, wrong } = tallyOf(facts())
      const waits = listNames(paths.outbox, '.json')
      const open = wrong.some((text) => text.endsWith('never told to be back'))
      return lost.length === 0 && !open && waits.length === 0 && unnamed().length === 0
    }
    await until('all told', isSettled, SETTLE_LIMIT_MS).catch(() => {})
    const { alerts, siteAlerts, repeats, due, lost, wrong, delaysMs } = tallyOf(facts())
    const [middle = 0, most = 0] = [delaysMs[Math.floor(delaysMs.length / 2)], delaysMs.at(-1)]
    process.stdout.write(
      `chaos: ${LENGTH_MS / 1000} s, ${kills} kills; ${crowd.quiets.length} outages of hosts, ${due} to be told for certain; ` +
        `${alerts} alerts, ${siteAlerts} of them of sites; ${repeats} repeats, ${lost.length} lost, ${wrong.length} false; ` +
        `delay p50 ${(middle / 1000).toFixed(1)} s, most ${(most / 1000).toFixed(1)} s; ` +
        `${telegram.messages.length} messages in the chat\n`,
    )
    expect({ lost, wrong }).toEqual({ lost: [], wrong: [] })
    expect(Math.min(due, siteAlerts, kills)).toBeGreaterThan(0)
    expect(listNames(paths.failed, '.json')).toEqual([])
    expect(unnamed()).toEqual([])
  },
  LENGTH_MS + SETTLE_LIMIT_MS + 60_000,
)

/** What the hook was told must stand in the chat as well, alone or among others: whom it is about, since then. */
function unnamed(): string[] {
  const missing = hook.posted.filter(({ kind, site, hosts, at }) => {
    const who = kind.startsWith('site-') ? site! : hosts[0]!
    const names = new RegExp(`(^|[^\\w-])${who}($|[^\\w-])`, 'm')
    return !telegram.messages.some((message) => message.at >= Date.parse(at) && names.test(message.text))
  })
  return missing.map(({ id, kind }) => `${id} ${kind}`)
}
