/**
 * Very many fall at once, and people are told by mail and in a group that takes one message a second and twenty a
 * minute: one outage of a site is one message, and a hundred outages are few, in which every name stands.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listNames } from '../../shared/files.ts'
import { dataPaths } from '../../shared/paths.ts'
import { type MailServer, startMailServer } from '../fakes/mail-server.ts'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts'
import { Box, freePort, PASSWORD, USER, until } from './box.ts'
import { Crowd, type Member } from './crowd.ts'

const GROUP = -1001234567890
const LIMIT_MS = 120_000

const farm: Member[] = Array.from({ length: 100 }, (_, index) => ({
  name: `farm-${index}`,
  site: 'farm',
  address: `203.0.113.${1 + index}`,
}))
/** Each in a network of its own. */
const flats: Member[] = Array.from({ length: 100 }, (_, index) => ({
  name: `flat-${index}`,
  address: `198.51.${1 + index}.7`,
}))
/** They report all the time: it is not our own network that fell. */
const others: Member[] = ['nas', 'pi'].map((name) => ({ name, site: 'home', address: '192.0.2.7' }))
const namesOf = (members: readonly Member[]) => members.map(({ name }) => name)

const box = new Box()
const paths = dataPaths(box.data)
let telegram: FakeTelegram
let post: MailServer
let crowd: Crowd

beforeAll(async () => {
  const port = await freePort()
  telegram = await startFakeTelegram({ limits: true })
  post = await startMailServer()
  const kinds = '[silent, recovered, site-silent, site-recovered, nothing-reaches-me, reachable-again]'
  box.configure(
    `server: { listen: "127.0.0.1:${port}", user: ${USER}, password: "${PASSWORD}", trustProxy: true }
defaults: { timeout: 6s, reminder: 1d }
channels:
  group: { type: telegram, chat: ${GROUP}, token: "123:TEST", apiRoot: "${telegram.url}", kinds: ${kinds} }
  mail: { type: email, smtp: "${post.url}", from: box@example.org, to: [maria@example.org], kinds: ${kinds} }
`,
  )
  for (const program of ['server', 'checker'] as const) await box.start(program)
  const all = [...farm, ...flats, ...others]
  crowd = new Crowd(port, all, 2000)
  crowd.start()
  await until('all heard', () => namesOf(all).every((name) => crowd.heard.get(name)!.length > 1))
}, 60_000)

afterAll(async () => {
  await crowd.end()
  await box.remove()
  await telegram.close()
  await post.close()
})

/** What both were told since then, once nothing waits any more and the checker holds those as silent, or as heard. */
async function toldSince(at: number, members: readonly Member[], verdict: 'up' | 'down') {
  const isDecided = () =>
    members.every(({ name }) => box.read(`state/hosts/${name}.json`)?.includes(`"verdict":"${verdict}"`))
  await until(`${members.length} are ${verdict}`, isDecided, LIMIT_MS)
  // A round's states and letters are written one after another: when both were there, all were.
  await until('all is told', () => listNames(paths.outbox, '.json').length === 0, LIMIT_MS)
  expect(listNames(paths.failed, '.json')).toEqual([])
  expect(telegram.limited).toBe(0)
  const since = (messages: readonly { readonly at: number; readonly text: string }[]) =>
    messages.filter((message) => message.at >= at).map(({ text }) => text)
  return { group: since(telegram.messages), mail: since(post.mails) }
}

const unnamed = (members: readonly Member[], texts: readonly string[]) =>
  namesOf(members).filter((name) => !texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)))

test('100 hosts of one site fall and come back: two messages at most, each way and each time', async () => {
  const fellAt = Date.now()
  crowd.fall(namesOf(farm))
  const silent = await toldSince(fellAt, farm, 'down')
  const roseAt = Date.now()
  crowd.rise(namesOf(farm))
  const back = await toldSince(roseAt, farm, 'up')
  process.stdout.write(
    `one site of 100: ${silent.group.length} messages in the group and ${silent.mail.length} mails when it fell, ` +
      `${back.group.length} and ${back.mail.length} when it came back\n`,
  )
  for (const texts of [silent.group, silent.mail, back.group, back.mail]) {
    expect(texts.length).toBeGreaterThan(0)
    expect(texts.length).toBeLessThanOrEqual(2)
    expect(texts.join('\n')).toContain('farm')
  }
}, 300_000)

test('100 hosts of 100 sites fall and come back: every name is told, within the limits, and none is dropped', async () => {
  const fellAt = Date.now()
  crowd.fall(namesOf(flats))
  const silent = await toldSince(fellAt, flats, 'down')
  const roseAt = Date.now()
  crowd.rise(namesOf(flats))
  const back = await toldSince(roseAt, flats, 'up')
  process.stdout.write(
    `100 sites of one: ${silent.group.length} messages in the group and ${silent.mail.length} mails when they fell, ` +
      `${back.group.length} and ${back.mail.length} when they came back\n`,
  )
  for (const texts of [silent.group, silent.mail, back.group, back.mail]) {
    expect(unnamed(flats, texts)).toEqual([])
    expect(unnamed(others, texts)).toEqual(namesOf(others))
    expect(texts.length).toBeLessThan(50)
  }
}, 300_000)
