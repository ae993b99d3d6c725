/** What reaches the log, as it leaves the process: secrets do not. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reasonOf } from './log.ts'

const repository = resolve(import.meta.dirname, '..')
const root = mkdtempSync(join(tmpdir(), 'log-'))

beforeAll(() => {
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  const config = {
    extends: join(repository, 'tsconfig.build.json'),
    compilerOptions: { rootDir: repository, outDir: root, sourceMap: false },
    files: [join(repository, 'shared', 'log.ts')],
    include: [],
  }
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(config))
  const { stdout } = spawnSync(join(repository, 'node_modules', '.bin', 'tsc'), ['-p', root], { encoding: 'utf8' })
  expect(stdout).toBe('')
}, 60_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** @returns what a process that logs so writes to its standard output */
function logged(statements: string, pretty = false): string {
  const program = `import { createLog } from './shared/log.js'
const log = await createLog('server', { pretty: ${pretty} })
${statements}`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout
}

test('secrets are blotted out at both depths, for machines and for people', () => {
  const secret = 'hunter2hunter2'
  const keys = ['password', 'token', 'authorization', 'headers', 'config', 'request', 'response']
  const objects = keys.flatMap((key) => [{ [key]: secret }, { outer: { [key]: secret } }, { [key]: { inner: secret } }])
  const statements = `for (const object of ${JSON.stringify(objects)}) log.info({ ...object, host: 'nas' }, 'said')
log.error(Object.assign(new Error('refused'), { config: { auth: '${secret}' }, request: '${secret}', response: '${secret}' }))`
  for (const pretty of [false, true]) {
    const text = logged(statements, pretty)
    expect(text).not.toContain(secret)
    expect(text.match(/said/g)).toHaveLength(objects.length)
    expect(text).toContain('[secret]')
    expect(text).toContain('refused')
  }
})

test('a line says when, how grave, which process, and what', () => {
  const lines = logged(`log.info({ host: 'nas' }, 'nas is up'); log.debug('no'); log.warn('w'); log.error('e')`)
    .trimEnd()
    .split('\n')
  const [first, ...others] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(first).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*T.*Z$/),
    process: 'server',
    host: 'nas',
    msg: 'nas is up',
  })
  expect(others.map(({ level, msg }) => [level, msg])).toEqual([
    ['warn', 'w'],
    ['error', 'e'],
  ])
})

test.each([
  [Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED: connect failed'],
  [Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }), 'ENOENT: no such file'],
  [Object.assign(new Error('refused'), { config: { auth: 'hunter2' } }), 'refused'],
  ['text', 'text'],
  [undefined, 'undefined'],
])('of an error, its code and message are told, and nothing that it carries', (error, reason) => {
  expect(reasonOf(error)).toBe(reason)
})
