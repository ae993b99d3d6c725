/** The restart against stand-ins for the process managers: real programs on a PATH of their own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DataPaths, dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { pulseFile, writePulse } from '../shared/pulse.ts'
import { createRestart, findManager } from './restart.ts'

let folder: string
let paths: DataPaths
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restart-'))
  paths = dataPaths(join(folder, 'data'))
  prepareDataFolder(paths)
  writePulse(paths, 'server', Date.now())
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const supervised = { SUPERVISOR_ENABLED: '1', SUPERVISOR_SERVER_URL: 'unix:///run/s.sock' }

describe('who runs this bot', () => {
  test.each<[string, Record<string, string>, string | undefined, string | undefined]>([
    ['nobody', {}, undefined, undefined],
    [
      'supervisor, no group',
      { ...supervised, SUPERVISOR_PROCESS_NAME: 'monitora-bot', SUPERVISOR_GROUP_NAME: 'monitora-bot' },
      undefined,
      'supervisorctl -s unix:///run/s.sock restart monitora-server',
    ],
    [
      'supervisor, a group',
      { ...supervised, SUPERVISOR_PROCESS_NAME: 'monitora-bot', SUPERVISOR_GROUP_NAME: 'monitora' },
      undefined,
      'supervisorctl -s unix:///run/s.sock restart monitora:monitora-server',
    ],
    ['supervisor without a socket', { SUPERVISOR_ENABLED: '1' }, undefined, 'supervisorctl restart monitora-server'],
    [
      'supervisor, though someone exported PM2_HOME',
      { ...supervised, PM2_HOME: '/x' },
      undefined,
      'supervisorctl -s unix:///run/s.sock restart monitora-server',
    ],
    ['PM2', { pm_id: '2' }, undefined, 'pm2 restart server'],
    ['PM2 under supervisor', { ...supervised, pm_id: '2' }, undefined, 'pm2 restart server'],
    ['PM2 of this installation', { PM2_HOME: '/x' }, '/m/pm2', `${process.execPath} /m/pm2 restart server`],
  ])('%s', (_, env, pm2, command) => {
    const manager = findManager(env, pm2)
    expect(manager && [manager.file, ...manager.args].join(' ')).toBe(command)
  })
})

/** @param script what `pm2` does; it finds the server's pulse file in $PULSE and leaves what it was told in $SAW */
function restartWith(script: string, { ownPm2 = [] as string[], commandMs = 10_000, pulseMs = 5000 } = {}) {
  writeFileSync(join(folder, 'pm2'), `#!/bin/sh\necho "$PM2_HOME $*" >> "$SAW"\n${script}\n`, { mode: 0o755 })
  const env = {
    pm_id: '2',
    PM2_HOME: '/home/of/pm2',
    PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    PULSE: pulseFile(paths, 'server'),
    SAW: join(folder, 'saw'),
  }
  return createRestart({ env, ownPm2, now: () => Date.now(), commandMs, pulseMs })
}
const saw = () => readFileSync(join(folder, 'saw'), 'utf8')
/** What a server does a moment after it was started, long after the manager has returned. */
const PULSES_SOON = '(sleep 1; echo $(($(date +%s) + 1)) > "$PULSE") > /dev/null 2>&1 &'

test('a server that pulses again has been restarted, once for two who ask', async () => {
  const restart = restartWith(PULSES_SOON)
  expect(await Promise.all([restart(paths), restart(paths)])).toEqual([{ kind: 'runs' }, { kind: 'runs' }])
  expect(saw()).toBe('/home/of/pm2 restart server\n')
})

test("an installation's own pm2 is run by this node, with the same PM2_HOME", async () => {
  const own = join(folder, 'own-pm2')
  writeFileSync(
    own,
    'const { env, argv } = process; require("node:fs").writeFileSync(env.SAW, env.PM2_HOME + " " + argv.slice(2)); process.exit(3)',
  )
  const outcome = await restartWith('', { ownPm2: [join(folder, 'not-there'), own] })(paths)
  expect(outcome).toEqual({ kind: 'refused', program: 'pm2', why: 'exit code 3' })
  expect(saw()).toBe('/home/of/pm2 restart,server')
})

test('the old pulse proves nothing', async () => {
  expect(await restartWith('', { pulseMs: 300 })(paths)).toEqual({ kind: 'no-sign' })
})

test('what the manager complains about is told, without colours and the rest of its output', async () => {
  const restart = restartWith(
    'echo starting; printf "\\033[31m[PM2][ERROR]\\033[0m Process server not found\\n" >&2; exit 1',
  )
  expect(await restart(paths)).toEqual({
    kind: 'refused',
    program: 'pm2',
    why: '[PM2][ERROR] Process server not found',
  })
})

test('a manager that hangs is ended, one that is not there is named, none at all is said', async () => {
  expect(await restartWith('exec sleep 60', { commandMs: 300 })(paths)).toEqual({ kind: 'too-slow', program: 'pm2' })
  const lost = createRestart({ env: { ...supervised, PATH: folder }, ownPm2: [], now: () => Date.now() })
  expect(await lost(paths)).toEqual({ kind: 'not-found', program: 'supervisorctl' })
  expect(await createRestart({ env: {}, ownPm2: [], now: () => Date.now() })(paths)).toEqual({ kind: 'unsupervised' })
})
