#!/usr/bin/env node
/**
 * The `monitora` command. Builds the real things and hands them over.
 * What runs day and night are the four processes; this only starts, stops, checks and asks.
 */
import { run } from './program.ts'
import { projectFolder } from './project.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
// Whoever read our output is gone, a closed terminal for one: there is nobody left to run for.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort())

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  project: projectFolder(import.meta.dirname),
  colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  now: () => Date.now(),
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
  stop: stop.signal,
})
