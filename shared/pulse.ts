/**
 * The pulse of a process: `alive/PROCESS.host`, written just after each whole second in the format of any host.
 * For the server it means more than "I live": "I could hear until now" (see server/hearing.ts).
 */
import { join } from 'node:path'
import { hostFileName, readHostFile, writeHostFile } from './host-file.ts'
import type { DataPaths } from './paths.ts'

export type ProcessName = 'server' | 'checker' | 'bot'

export function pulseFile(paths: DataPaths, process: ProcessName): string {
  return join(paths.alive, hostFileName(process))
}

/** @returns epoch milliseconds of the newest pulse, `undefined` if the process never had one */
export function readPulse(paths: DataPaths, process: ProcessName): number | undefined {
  const seconds = readHostFile(pulseFile(paths, process))
  return typeof seconds === 'number' ? seconds * 1000 : undefined
}

export function writePulse(paths: DataPaths, process: ProcessName, nowMs: number): void {
  writeHostFile(pulseFile(paths, process), Math.floor(nowMs / 1000))
}

/**
 * Calls `beat` just after each whole second of the wall clock, until stopped.
 * @returns the function that stops it
 */
export function everySecond(now: () => number, beat: () => void): () => void {
  let timer: NodeJS.Timeout
  const plan = () => {
    timer = setTimeout(
      () => {
        plan()
        beat()
      },
      1001 - (now() % 1000),
    )
  }
  plan()
  return () => clearTimeout(timer)
}
