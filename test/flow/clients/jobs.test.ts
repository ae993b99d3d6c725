/** Tools that run jobs and report how they went: borgmatic, supervisor, and `monitora run`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataPaths } from '../../../shared/paths.ts'
import { readRuns } from '../../../shared/runs.ts'
import { MONITORA, Monitor } from './monitor.ts'
import { need, program, run } from './programs.ts'

const monitor = new Monitor()
beforeAll(() => monitor.start())
afterAll(() => monitor.close())

function makeFile(name: string, content: string): string {
  const file = join(monitor.box.folder, name)
  writeFileSync(file, content)
  return file
}

test.concurrent('borgmatic reports its start, a backup that was made, and one that failed with its log', async ({
  skip,
}) => {
  const borg = need(program('borg'), 'borgbackup', skip)
  const borgmatic = need(program('borgmatic'), 'borgmatic', skip)
  const { ping } = await monitor.add('backup', '--schedule', '0 3 * * *', '--grace', '1h')
  const folder = join(monitor.box.folder, 'borg')
  const repository = join(folder, 'repository')
  mkdirSync(join(folder, 'home'), { recursive: true })
  const env = { HOME: folder, BORG_BASE_DIR: folder, BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes' }
  const config = makeFile(
    'borgmatic.yaml',
    `location:
    source_directories: [${folder}/home]
    repositories: [${repository}]
hooks:
    healthchecks:
        ping_url: ${ping}
`,
  )
  const backUp = () => run(borgmatic, ['--config', config, 'create'], env)
  expect(await run(borg, ['init', '--encryption', 'none', repository], env)).toMatchObject({ code: 0 })

  expect(await backUp()).toMatchObject({ code: 0 })
  await monitor.shows('backup', { status: 'alive', condition: 'fine' })
  expect(await monitor.host('backup')).toMatchObject({ run: null, settings: { schedule: '0 3 * * *', grace: 3600 } })

  renameSync(repository, `${repository}-away`)
  expect(await backUp()).toMatchObject({ code: 1 })
  await monitor.shows('backup', { condition: 'failed' })
  await monitor.tells('failed', 'backup', {
    output: expect.stringMatching(/borg create .* returned non-zero exit status 2/),
  })

  renameSync(`${repository}-away`, repository)
  expect(await backUp()).toMatchObject({ code: 0 })
  await monitor.tellsAll('backup', ['first-signal', 'failed', 'cleared'])
  // Only a run whose start was heard has a length.
  const durationMs = expect.any(Number)
  expect(readRuns(dataPaths(monitor.box.data), 'backup', 10)).toMatchObject([
    { what: 'succeeded', durationMs },
    { what: 'failed', durationMs },
    { what: 'succeeded', durationMs },
  ])
})

test.concurrent('supervisor runs a job that ends with curl at its ping URL', async ({ skip }) => {
  need(program('curl'), 'curl', skip)
  const supervisord = need(program('supervisord'), 'supervisor', skip)
  const { ping } = await monitor.add('supervised')
  const { folder } = monitor.box
  const config = makeFile(
    'supervisord.conf',
    `[supervisord]
nodaemon=true
logfile=${folder}/supervisord.log
pidfile=${folder}/supervisord.pid
childlogdir=${folder}
[program:job]
command=sh -c "echo working && curl -fsS -m 10 --retry 5 -o /dev/null ${ping}"
autorestart=false
startsecs=0
`,
  )
  const keeper = spawn(supervisord, ['-n', '-c', config], { stdio: 'ignore' })
  try {
    await monitor.shows('supervised', { status: 'alive', condition: 'fine' })
    await monitor.tellsAll('supervised', ['first-signal'])
  } finally {
    const ended = once(keeper, 'exit')
    keeper.kill('SIGTERM')
    await ended
  }
})

test.concurrent('monitora run hands the exit status on, and reports it with the last lines of the job', async () => {
  const { token } = await monitor.add('nightly')
  const config = makeFile('nightly.yml', `server: ${monitor.at}\ntoken: ${token}\n`)
  const job = (script: string) =>
    run(process.execPath, [MONITORA, 'run', '--config', config, 'nightly', '--', 'sh', '-c', script])

  expect(await job('echo x; exit 3')).toEqual({ code: 3, output: 'x\n' })
  await monitor.shows('nightly', { condition: 'failed' })
  await monitor.tells('failed', 'nightly', { exitStatus: 3, output: 'x' })
  expect(await job('exit 0')).toEqual({ code: 0, output: '' })
  await monitor.shows('nightly', { status: 'alive', condition: 'fine' })
  await monitor.tellsAll('nightly', ['first-signal', 'failed', 'cleared'])
})
