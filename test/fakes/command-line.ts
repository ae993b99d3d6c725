/** The command line in a folder of its own, asked from within the test: what it prints is kept, its end is ours. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PROCESSES } from '../../cli/pm2.ts'
import { run } from '../../cli/program.ts'

export const REPOSITORY = resolve(import.meta.dirname, '../..')
/** What time it is for the command line. */
export const NOW = Date.parse('2026-11-21T12:00:00Z')

/** Says that it runs and where, in the two ways in which processes speak, and ends when told. */
const STAND_IN = `
import { writeFileSync } from 'node:fs'
const [name] = import.meta.dirname.split('/').slice(-1)
writeFileSync(process.env.MONITORA_CONFIG + '.' + name, String(process.pid))
console.log(JSON.stringify({ level: 'info', time: new Date().toISOString(), process: name, msg: 'here I am' }))
if (name === 'checker') console.log('🔴 nas is silent since 12:03')
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
process.send('ready')
setInterval(() => {}, 1000)
`

export class CommandLine {
  readonly folder = mkdtempSync(join(tmpdir(), 'cli-'))
  /** Where the built processes would be: stand-ins, once prepared. */
  readonly project = join(this.folder, 'project')
  readonly env: Record<string, string | undefined> = { PATH: process.env.PATH }
  readonly out: string[] = []
  readonly err: string[] = []
  private readonly end = new AbortController()
  private readonly asked: Promise<number>[] = []

  /** @returns the exit code */
  run(...args: string[]): Promise<number> {
    const answer = run(args, {
      env: this.env,
      folder: this.folder,
      project: this.project,
      colour: false,
      now: () => NOW,
      print: (text) => this.out.push(text),
      complain: (text) => this.err.push(text),
      stop: this.end.signal,
    })
    this.asked.push(answer)
    return answer
  }

  /** What Ctrl-C does. */
  stop(): void {
    this.end.abort()
  }

  write(content: string, name = 'monitora.yml'): void {
    writeFileSync(join(this.folder, name), content)
  }

  /** A project with PM2 and four processes that only say that they run. */
  prepareProject({ pm2 = true } = {}): void {
    mkdirSync(this.project)
    writeFileSync(join(this.project, 'package.json'), '{"type":"module"}')
    if (pm2) symlinkSync(join(REPOSITORY, 'node_modules'), join(this.project, 'node_modules'))
    cpSync(join(REPOSITORY, 'ecosystem.config.js'), join(this.project, 'ecosystem.config.js'))
    for (const name of PROCESSES) this.standIn(name, STAND_IN)
  }

  standIn(name: string, content: string): void {
    const folder = join(this.project, 'dist', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'main.js'), content)
  }

  async remove(): Promise<void> {
    this.stop()
    await Promise.allSettled(this.asked)
    rmSync(this.folder, { recursive: true, force: true })
  }
}
