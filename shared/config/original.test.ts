/** The files of an original installation work as they are, and say what is wrong with them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the configuration itself is written in
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configReader, SECRET } from '../../test/config-reader.ts'
import type { ProcessName } from '../pulse.ts'

const { root, read, problemsOf } = configReader()

const SPAN = 'expected a span such as 30s'
const NAME = 'expected a name of letters'
const UNKNOWN = 'unknown key (a typo?)'
const CHAT = 'expected the number of a chat'

const SERVER = `USER: home\nPWD: ${SECRET}\nPATH: hosts/\nPORT: 1234\n`
const CHECKER = 'TOKEN: "1:ABC"\nCHATID: -5\nPATH: hosts/\n'

test('its server file works as it is', () => {
  const config = read(SERVER)
  expect(config.server).toEqual({
    listen: { address: '0.0.0.0', port: 1234 },
    user: 'home',
    password: [SECRET],
    maxHosts: 10_000,
    read: 'local',
    register: 'open',
    trustProxy: false,
  })
  expect(config.paths.hosts).toBe(join(root, 'hosts'))
  expect(config.paths.root).toBe(join(root, 'hosts', '.monitora'))
  expect(config.paths.inbox).toBe(join(root, 'hosts', '.monitora', 'inbox'))
  expect(config.channels.size).toBe(0)
  expect(config.alertedHosts).toBeUndefined()
})

test.each(['checker', 'bot'] as const)('its %s file works as it is, in Portuguese', (process) => {
  const config = read(
    `${CHECKER}HOSTS: [nas, pi]\nINTERVAL_CHECKER: 10\nINTERVAL_PROBLEM: 120\nINTERVAL_RETRY_MESSAGE: 3600\n`,
    {},
    process,
  )
  expect(config.language).toBe('pt')
  expect(config.defaults).toMatchObject({ timeout: 120_000, reminder: 3_600_000 })
  expect([...config.channels.values()]).toEqual([
    { type: 'telegram', token: '1:ABC', chat: -5, language: 'pt', timezone: config.timezone },
  ])
  expect(config.bot).toEqual({ token: '1:ABC', admins: [], chats: [-5] })
})

test.each([
  ['a list', '[nas, pi, 7]', ['nas', 'pi', '7']],
  ['names with commas', '"nas, pi,7"', ['nas', 'pi', '7']],
  ['names with spaces', 'nas pi 7', ['nas', 'pi', '7']],
  ['a mapping', '{ nas: "Mum\'s", pi: , 7: }', ['7', 'nas', 'pi']],
  ['an empty list', '[]', []],
])('HOSTS may be %s', (_, hosts, expected) => {
  const config = read(`${CHECKER}HOSTS: ${hosts}\n`, {}, 'checker')
  expect([...config.alertedHosts!]).toEqual(expected)
  expect([...config.hosts.keys()]).toEqual(expected)
})

test.each<[ProcessName, string, readonly [string, string][]]>([
  [
    'server',
    'PATH: hosts\n',
    [
      ['USER', 'missing'],
      ['PWD', 'missing'],
    ],
  ],
  [
    'checker',
    SERVER,
    [
      ['TOKEN', 'missing'],
      ['CHATID', 'missing'],
    ],
  ],
  ['bot', 'TOKEN: t\nCHATID: 5\n', [['PATH', 'missing']]],
  ['server', `${SERVER}PROT: 5\n`, [['PROT', UNKNOWN]]],
  ['server', 'USER: u\nPWD: p\nPATH: x\nPORT:\n', [['PORT', 'found null, expected a port']]],
  ['server', 'USER: u\nPWD: p\nPATH: x\nPORT: ""\n', [['PORT', 'found "", expected a port']]],
  ['server', 'USER: u\nPWD: p\nPATH: x\nPORT: 70000\n', [['PORT', 'found 70000, expected a port']]],
  ['server', 'USER: u\nPWD: p\nPATH: x\nPORT: http\n', [['PORT', 'found "http", expected a port']]],
  ['server', `USER: u\nPWD: [${SECRET}]\nPATH: x\n`, [['PWD', 'found something else']]],
  ['server', 'USER: u\nPWD: p\nPATH: ${NOPE}/x\n', [['PATH', '${NOPE} is not set']]],
  ['server', 'USER: u\nPWD: "${NOPE}"\nPATH: x\n', [['PWD', '${NOPE} is not set']]],
  [
    'checker',
    'TOKEN: "${NOPE}"\nCHATID: me\nPATH: x\nHOSTS: [nas, "${NOPE}"]\n',
    [
      ['TOKEN', '${NOPE} is not set'],
      ['HOSTS.1', '${NOPE} is not set'],
      ['CHATID', CHAT],
    ],
  ],
  [
    'checker',
    `TOKEN: { a: ${SECRET} }\nCHATID: me\nPATH: x\n`,
    [
      ['TOKEN', 'found something else'],
      ['CHATID', CHAT],
    ],
  ],
  ['checker', `${CHECKER}HOSTS: ../x\n`, [['HOSTS.0', NAME]]],
  ['checker', `${CHECKER}HOSTS: 5\n`, [['HOSTS', 'expected a list of host names']]],
  ['checker', `${CHECKER}INTERVAL_PROBLEM: soon\n`, [['INTERVAL_PROBLEM', SPAN]]],
])('the %s is told what is wrong with %j', (process, yaml, expected) => {
  const problems = problemsOf(yaml, {}, process)
  expect(problems).toEqual(expected.map(([path, part]) => ({ path, text: expect.stringContaining(part) })))
})
