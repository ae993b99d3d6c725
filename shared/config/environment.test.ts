/** What comes from the environment, `.env` and secret files. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the configuration itself is written in
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configReader, ENOUGH as S, SECRET } from '../../test/config-reader.ts'
import type { Environment } from './environment.ts'

const { root, read, problemsOf } = configReader()

const nameIn = (yaml: string, env: Environment = {}) => read(`${S}name: ${yaml}\n`, env).name

test.each([
  ['${A}', { A: 'box' }, 'box'],
  ['a-${A}-${B}', { A: '1', B: '2' }, 'a-1-2'],
  ['${A:-default}', {}, 'default'],
  ['${A:-default}', { A: 'box' }, 'box'],
  ['x${A:-}y', {}, 'xy'],
  ['x${A}', { A: '' }, 'x'],
  ['$A {A} $${', { A: 'box' }, '$A {A} $${'],
  ['${A}', { A: '${B}', B: 'no' }, '${B}'],
  ['"${A}"', { A: 'x: [y]' }, 'x: [y]'],
])('%s with %j is %s', (yaml, env, expected) => {
  expect(nameIn(yaml, env)).toBe(expected)
})

test('a number in it may be a password, a port, a chat, a span', () => {
  const env = { N: '12345', SPAN: '90' }
  const config = read(
    'server: { user: u, password: "${N}", listen: ${N} }\nbot: { chats: ["${N}"] }\ndefaults: { timeout: ${SPAN} }\n',
    env,
  )
  expect([config.server.password, config.server.listen.port, config.bot.chats, config.defaults.timeout]).toEqual([
    ['12345'],
    12_345,
    [12_345],
    90_000,
  ])
})

test('NAME_FILE names a file that holds it; the variable itself comes first', () => {
  const secret = join(root, 'secret')
  writeFileSync(secret, 'from a file\n')
  expect(nameIn('${A}', { A_FILE: secret })).toBe('from a file')
  expect(nameIn('${A:-default}', { A_FILE: secret })).toBe('from a file')
  expect(nameIn('${A}', { A_FILE: secret, A: 'itself' })).toBe('itself')
  expect(problemsOf(`${S}name: x\${A}\n`, { A_FILE: join(root, 'gone') })).toEqual([
    { path: 'name', text: `A_FILE names ${join(root, 'gone')}, which cannot be read: ENOENT` },
  ])
})

test('.env beside the configuration fills in what the environment leaves open', () => {
  writeFileSync(join(root, '.env'), '# comment\nA=from .env\nB="quoted # one"\nexport C=exported\n')
  expect(nameIn('"${A}, ${B}, ${C}"', { A: 'from outside' })).toBe('from outside, quoted # one, exported')
  rmSync(join(root, '.env'))
})

test('what is missing is said of every place', () => {
  const yaml = 'server: { user: u, password: "x${P}" }\nhosts: { nas: { tags: [a, "x${T}"] } }\n'
  expect(problemsOf(yaml).map(({ path }) => path)).toEqual(['server.password', 'hosts.nas.tags.1'])
})

test('the environment may fill in what stands within braces and brackets, unquoted', () => {
  const env = { T: SECRET, CHAT: '-100', HOST: 'example.com', N: '5' }
  const config = read(
    `server: { user: \${U:-home}, password: \${T} }
channels: { hook: { type: webhook, url: https://\${HOST}/\${T}?x=1, headers: { X-Key: \${T}} } }
hosts: { nas: { note: "two, words: \${N}, it's", timeout: \${N} } }
bot: { token: \${T}, chats: [\${CHAT}, \${N}, 7] }   # { token: \${T} }
`,
    env,
  )
  expect(config.server).toMatchObject({ user: 'home', password: [SECRET] })
  expect(config.channels.get('hook')).toMatchObject({
    url: `https://example.com/${SECRET}?x=1`,
    headers: { 'X-Key': SECRET },
  })
  expect(config.hosts.get('nas')).toEqual({ note: "two, words: 5, it's", timeout: 5000 })
  expect(config.bot).toEqual({ token: SECRET, chats: [-100, 5, 7], admins: [] })
})
