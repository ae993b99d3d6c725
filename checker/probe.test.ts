import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { channelSection } from '../shared/config/channels.ts'
import type { Place } from '../shared/config/sections.ts'
import { channelPlaces, connect, createProbe, defaultGateway } from './probe.ts'

type Answer = string | { readonly code: string } | 'quiet'

const TELEGRAM: Place = { host: 'api.telegram.org', port: 443 }
const HOOK: Place = { host: 'hooks.example.com', port: 443 }
const GATEWAY = '172.31.0.1'

/** A network in which each host answers in its own way; whoever is quiet is given up on when the caller does. */
function network(answers: Readonly<Record<string, Answer>>) {
  const tried: string[] = []
  const gone: string[] = []
  const dial = ({ host, port }: Place, signal: AbortSignal): Promise<string> => {
    tried.push(`${host}:${port}`)
    const answer = answers[host] ?? 'quiet'
    if (typeof answer === 'object') return Promise.reject(Object.assign(new Error(answer.code), answer))
    if (answer !== 'quiet') return Promise.resolve(answer)
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => {
        gone.push(host)
        reject(signal.reason)
      }),
    )
  }
  return { tried, gone, dial }
}

/** What the probe says when whoever is quiet stays quiet. */
async function ask(
  answers: Readonly<Record<string, Answer>>,
  {
    places,
    gateway = GATEWAY,
    far = [TELEGRAM, HOOK],
  }: { places?: Place[]; gateway?: string | null; far?: Place[] } = {},
) {
  const { tried, gone, dial } = network(answers)
  const enough = new AbortController()
  const probe = createProbe({ places, gateway: () => gateway ?? undefined, channelPlaces: far, connect: dial })
  const asking = probe(enough.signal)
  // All that answers at once has done so by then; nothing is left but those that are quiet.
  setImmediate(() => enough.abort())
  return { reached: await asking, tried, gone }
}

const UNREACHABLE = { code: 'EHOSTUNREACH' }
const NO_NAME = { code: 'EAI_AGAIN' }

describe('what the answers prove', () => {
  const cases: [string, Record<string, Answer>, boolean | undefined, Parameters<typeof ask>[1]?][] = [
    ['one beyond answers, another is quiet', { 'api.telegram.org': '149.154.167.220' }, true],
    ['beyond answers, the gateway does not', { 'hooks.example.com': '93.184.215.14', [GATEWAY]: UNREACHABLE }, true],
    ['only the gateway answers', { [GATEWAY]: GATEWAY }, false],
    [
      'a gateway with a public address is still only the next hop',
      { '5.9.0.1': '5.9.0.1' },
      false,
      { gateway: '5.9.0.1' },
    ],
    ['nobody answers', {}, false],
    ['names cannot be resolved', { 'api.telegram.org': NO_NAME, 'hooks.example.com': NO_NAME }, false],
    ['channels live at home, and do answer', { 'hooks.example.com': '192.168.1.7' }, undefined, { far: [HOOK] }],
    ['no channels; the gateway answers', { [GATEWAY]: GATEWAY }, undefined, { far: [] }],
    ['no channels; the gateway keeps quiet, as many do', {}, undefined, { far: [] }],
    ['no channels, and no way even to the gateway', { [GATEWAY]: UNREACHABLE }, false, { far: [] }],
    ['nothing to try at all', {}, undefined, { far: [], gateway: null }],
    [
      'a place that was named counts wherever it lies',
      { nas: '127.0.0.1' },
      true,
      { places: [{ host: 'nas', port: 7 }] },
    ],
    ['named places that do not answer', { [GATEWAY]: GATEWAY }, false, { places: [{ host: 'nas', port: 7 }] }],
  ]
  test.each(cases)('%s', async (_, answers, expected, options) => {
    expect((await ask(answers, options)).reached).toBe(expected)
  })

  test('all are tried at once, the gateway on both of its ports', async () => {
    const { tried } = await ask({})
    expect(tried.toSorted()).toEqual([
      '172.31.0.1:53',
      '172.31.0.1:80',
      'api.telegram.org:443',
      'hooks.example.com:443',
    ])
  })

  test('places that were named are all that is tried', async () => {
    expect((await ask({}, { places: [{ host: '1.1.1.1', port: 53 }] })).tried).toEqual(['1.1.1.1:53'])
  })

  test('once one has answered, the others are hung up on', async () => {
    const { dial, gone } = network({ 'api.telegram.org': '149.154.167.220' })
    const probe = createProbe({ gateway: () => GATEWAY, channelPlaces: [TELEGRAM, HOOK], connect: dial })
    expect(await probe(new AbortController().signal)).toBe(true)
    expect(gone.toSorted()).toEqual([GATEWAY, GATEWAY, 'hooks.example.com'])
  })
})

describe('the real way to connect', () => {
  const patience = () => AbortSignal.timeout(5000)

  test('who takes the connection was reached; so was who refuses it', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await connect({ host: 'localhost', port }, patience())).toMatch(/^(127\.0\.0\.1|::1)$/)
    server.close()
    await once(server, 'close')
    expect(await connect({ host: '127.0.0.1', port }, patience())).toBe('127.0.0.1')
    expect(await connect({ host: 'localhost', port }, patience())).toMatch(/^(127\.0\.0\.1|::1)$/)
  })

  test('a connection is given up when nobody waits for it any more', async () => {
    await expect(connect({ host: '127.0.0.1', port: 1 }, AbortSignal.abort())).rejects.toThrow()
  })
})

test('channels are looked for where they deliver to, each place once, and not at home', () => {
  const settings = (raw: object) => ({ ...channelSection.parse(raw), language: 'en', timezone: 'UTC' }) as const
  const places = channelPlaces([
    settings({ type: 'console' }),
    settings({ type: 'telegram', chat: 1, token: 'x' }),
    settings({ type: 'telegram', chat: 2, token: 'x' }),
    settings({ type: 'telegram', chat: 2, token: 'x', apiRoot: 'http://127.0.0.1:8081' }),
    settings({ type: 'webhook', url: 'http://[2606:4700::1111]:8080/secret' }),
    settings({ type: 'webhook', url: 'http://localhost/a' }),
    settings({ type: 'webhook', url: 'http://hooks.example.com/b' }),
    settings({ type: 'slack', url: 'https://hooks.slack.com/services/T/B/X' }),
    settings({ type: 'ntfy', topic: 'secret' }),
    settings({ type: 'email', smtp: 'smtps://a:b@mail.example.org', from: 'a@example.org', to: ['b@example.org'] }),
    settings({ type: 'email', smtp: { host: 'relay.example.org' }, from: 'a@example.org', to: ['b@example.org'] }),
    settings({ type: 'email', smtp: 'smtp://127.0.0.1:2525', from: 'a@example.org', to: ['b@example.org'] }),
  ])
  expect(places).toEqual([
    { host: 'api.telegram.org', port: 443 },
    { host: '2606:4700::1111', port: 8080 },
    { host: 'hooks.example.com', port: 80 },
    { host: 'hooks.slack.com', port: 443 },
    { host: 'ntfy.sh', port: 443 },
    { host: 'mail.example.org', port: 465 },
    { host: 'relay.example.org', port: 587 },
  ])
})

describe('the gateway', () => {
  const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT'
  const table =
    (...rows: string[]) =>
    () =>
      [HEAD, ...rows, ''].join('\n')
  const HOME = 'eth0\t0010A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0'

  test('is that of the way out that costs least', () => {
    const slow = 'wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0'
    const fast = 'eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0'
    expect(defaultGateway(table(HOME, slow, fast))).toBe('192.168.1.1')
  })

  test('is none where no way leads out, or where the system does not tell', () => {
    expect(defaultGateway(table(HOME, 'ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0'))).toBeUndefined()
    expect(defaultGateway(table())).toBeUndefined()
    const missing = () => {
      throw new Error('ENOENT')
    }
    expect(defaultGateway(missing)).toBeUndefined()
  })
})
