/** What is printed for pasting; that the clients' lines work is tried with the clients themselves (test/flow/clients). */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadEndpointConfig } from '../../endpoint/config.ts'
import { CommandLine, REPOSITORY } from '../../test/fakes/command-line.ts'
import { isNearby, pasteLines } from './paste.ts'

const AT = 'https://box.example.com'
const TOKEN = '00112233445566778899aabbccddeeff'

/** @returns what stands below a heading that begins so */
function below(text: string, heading: string): string | undefined {
  const part = text.split('\n\n').find((part) => part.startsWith(`# ${heading}`))
  return part?.slice(part.indexOf('\n') + 1)
}

test.each([
  ['007', TOKEN],
  ['0x10', TOKEN],
  ['1e5', TOKEN],
  ['null', TOKEN],
  ['true', TOKEN],
  ['-', TOKEN],
  ['2026-11-21', TOKEN],
  ['nas', '0'.repeat(31) + 7],
  ['nas', `1e${'0'.repeat(29)}9`],
  ['nas', TOKEN],
])('endpoint.yml is read as it was meant: %s, %s', (name, token) => {
  const folder = mkdtempSync(join(tmpdir(), 'paste-'))
  const file = join(folder, 'endpoint.yml')
  writeFileSync(file, below(pasteLines(AT, { name, token }), 'endpoint.yml')!)
  expect(loadEndpointConfig({ file, env: {} })).toMatchObject({ host: name, token, url: `${AT}/signal` })
  rmSync(folder, { recursive: true })
})

const PING = 'your-job && curl -fsS -m 10 --retry 5 -o /dev/null https://box.example.com/ping/'

const timezone = 'Europe/Lisbon'
test.each([
  ['0 3 * * *', '0 3 * * * '],
  [' */5  1-5,7 *\t* MON-fri ', '*/5 1-5,7 * * MON-fri '],
  ['@daily', '@daily '],
  [' @DAILY ', '@daily '],
  ['@Midnight', '@midnight '],
])('a schedule %j is a line of a crontab', (schedule, line) => {
  const lines = pasteLines(AT, { name: 'nas', token: TOKEN }, { schedule, timezone })
  expect(lines).toContain(`\n\n# cron, in Europe/Lisbon\n${line}${PING}`)
})

test.each(['0 3 L * *', '0 3 * * 5L', '0 3 15W * *', '0 3 * * MON#2', '0 3 ? * *', undefined])(
  'what not every cron understands is none: %s',
  (schedule) => {
    const job = schedule === undefined ? undefined : { schedule, timezone }
    expect(pasteLines(AT, { name: 'nas', token: TOKEN }, job)).not.toContain(PING.slice(0, 16))
  },
)

test('monitora run stands there with whole paths, in a file of its own', () => {
  const run = below(pasteLines(AT, { name: 'nas', token: TOKEN }), 'monitora run')
  expect(run).toBe(`${REPOSITORY}/monitora run --config ${REPOSITORY}/endpoint-nas.yml nas -- your-job`)
})

test.each(['nas', '-x', '--', '-', '--help'])('monitora run of a host called %s runs the job', async (name) => {
  const run = below(pasteLines(AT, { name, token: TOKEN }), 'monitora run')
  const line = new CommandLine()
  const marker = join(line.folder, 'ran')
  const args = run!.replace('your-job', `touch ${marker}`).split(' ').slice(1)
  expect(await line.run(...args.map((arg) => (arg.endsWith('.yml') ? join(line.folder, 'none.yml') : arg)))).toBe(0)
  expect(existsSync(marker)).toBe(true)
  expect(line.err).toEqual([expect.stringContaining('not reported')])
  await line.remove()
})

test('the script finds its checkout through a link', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paste-'))
  const link = join(folder, 'monitora')
  symlinkSync(join(REPOSITORY, 'monitora'), link)
  // Instead of node: says what it would have run.
  writeFileSync(join(folder, 'node'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 })
  const env = { PATH: `${folder}:${process.env.PATH}` }
  expect(execFileSync(link, ['status'], { env, cwd: '/', encoding: 'utf8' })).toBe(
    `${REPOSITORY}/dist/cli/main.js status\n`,
  )
  rmSync(folder, { recursive: true })
})

test.each([
  ['http://127.0.0.1:1234', true],
  ['http://127.1.2.3:1234', true],
  ['http://[::1]:1234', true],
  ['https://localhost:1234', true],
  ['http://localhost.localdomain:1234', true],
  ['http://vm:1234', true],
  ['http://192.0.2.5:1234', false],
  ['http://[2001:db8::1]:1234', false],
  ['https://box.example.com:1234', false],
])('%s is an address of this box alone, or a bare name: %s', (at, expected) => {
  expect(isNearby(at)).toBe(expected)
})
