import { afterEach, beforeEach, expect, test } from 'vitest'
import { CommandLine } from '../../test/fakes/command-line.ts'
import { loadConfigs } from '../configs.ts'

const SERVER = 'server: { user: home, password: hunter2hunter2 }\n'
let line: CommandLine
beforeEach(() => {
  line = new CommandLine()
})
afterEach(() => line.remove())

const said = () => line.out.join('\n')
/** What is to be pasted, as it stands there. */
const pasted = () => /^channels:\n(?: .*\n)+/m.exec(said())![0]
const topic = () => /topic: (\S+)/.exec(said())![1]!

test('a topic that nobody guesses, the lines to paste, and the links to subscribe with', async () => {
  expect(await line.run('connect', 'ntfy')).toBe(0)
  expect(topic()).toMatch(/^monitora-[A-Za-z0-9_-]{27}$/)
  expect(said()).toContain(`https://ntfy.sh/${topic()}`)
  expect(said()).toContain(`ntfy://ntfy.sh/${topic()}`)
  line.write(`${SERVER}${pasted()}`)
  const [{ channels }] = loadConfigs({ env: {}, folder: line.folder })
  expect(channels.get('phone')).toMatchObject({ type: 'ntfy', server: 'https://ntfy.sh', topic: topic() })
})

test('each time it is another topic', async () => {
  await line.run('connect', 'ntfy')
  const first = topic()
  line.out.length = 0
  await line.run('connect', 'ntfy')
  expect(topic()).not.toBe(first)
})

test('a server of your own, and a name', async () => {
  expect(await line.run('connect', 'ntfy', '--name', 'maria', '--server', 'http://ntfy.lan:8080/')).toBe(0)
  expect(said()).toContain(`http://ntfy.lan:8080/${topic()}`)
  expect(said()).toContain(`ntfy://ntfy.lan:8080/${topic()}?secure=false`)
  line.write(`${SERVER}${pasted()}`)
  const [{ channels }] = loadConfigs({ env: {}, folder: line.folder })
  expect(channels.get('maria')).toMatchObject({ server: 'http://ntfy.lan:8080' })
})

test.each([
  ['en', 'whoever knows the topic reads the alerts'],
  ['pt', 'quem souber o tópico lê os alertas'],
  ['ru', 'кто знает тему, тот читает сообщения'],
])('it warns in the language of the configuration: %s', async (language, warning) => {
  line.write(`${SERVER}language: ${language}\n`)
  await line.run('connect', 'ntfy')
  expect(said().toLowerCase()).toContain(warning)
})

test.each([
  [['--server', 'ntfy.lan'], '--server: expected an address'],
  [['--server', 'https://me:hunter2@ntfy.lan'], '--server: expected an address'],
  [['--server', 'https://ntfy.lan/path'], '--server: expected an address'],
  [['--server', 'ftp://ntfy.lan'], '--server: expected an address'],
  [['--name', 'my phone'], '--name: found "my phone"'],
])('what makes no sense is refused: %j', async (args, complaint) => {
  expect(await line.run('connect', 'ntfy', ...args)).toBe(1)
  expect(line.err.join('\n')).toContain(complaint)
  expect(line.err.join('\n')).not.toContain('hunter2')
  expect(line.out).toEqual([])
})

test('what cannot be connected to is refused', async () => {
  expect(await line.run('connect', 'pigeon')).toBe(1)
  expect(line.err.join('\n')).toContain('Allowed choices are ntfy')
})
