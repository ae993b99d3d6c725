/**
 * The pulse of a process: `alive/PROCESS.host`, written just after each whole second in the format of any host.
 * For the server it means more than "I live": "I could hear until now" (see server/hearing.ts). Where several servers
 * share the folder (PM2's cluster mode), each has a pulse of its own: `server.host`, `server-1.host`, …
 */
import { join } from 'node:path'
import { listNames, removeIfThere } from './files.ts'
import { HOST_EXTENSION, hostFileName, readHostFile, writeHostFile } from './host-file.ts'
import type { DataPaths } from './paths.ts'

export type ProcessName = 'server' | 'checker' | 'bot'

/** A server that is behind the others by more has stopped; by less, it may be stuck with signals in hand. */
const STOPPED_MS = 10_000
/** No pulse of a server that stopped so long ago is of use to anybody. */
const LEFT_OVER_MS = 86_400_000
const SERVER = /^server(?:-([1-9]\d{0,3}))?$/

/**
 * Which of several servers this process is.
 * @param numbered by PM2, which gives a number again; node:cluster counts on
 */
export function instanceOf(numbered: string | undefined, workerId = 0): number {
  return numbered !== undefined && /^\d{1,4}$/.test(numbered) ? Number(numbered) : workerId % 10_000
}

/** @param instance which of several */
export function pulseFile(paths: DataPaths, process: ProcessName, instance = 0): string {
  return join(paths.alive, hostFileName(instance === 0 ? process : `${process}-${instance}`))
}

/** @param file a name in `alive/` */
export function isServerPulse(file: string): boolean {
  return file.endsWith(HOST_EXTENSION) && SERVER.test(file.slice(0, -HOST_EXTENSION.length))
}

/**
 * @returns epoch milliseconds of the newest pulse, `undefined` if the process never had one; of several servers the
 *   moment until which all could hear that have not stopped
 */
export function readPulse(paths: DataPaths, process: ProcessName): number | undefined {
  if (process !== 'server') return pulseIn(pulseFile(paths, process))
  const pulses = [...serverPulses(paths).values()]
  const newestAt = Math.max(...pulses)
  return pulses.length === 0 ? undefined : Math.min(...pulses.filter((at) => at >= newestAt - STOPPED_MS))
}

/** The last pulse of each server on this folder, by its instance. */
export function serverPulses(paths: DataPaths): Map<number, number> {
  const pulses = new Map<number, number>()
  for (const name of listNames(paths.alive, HOST_EXTENSION)) {
    const found = SERVER.exec(name)
    const instance = Number(found?.[1] ?? 0)
    const at = found ? pulseIn(pulseFile(paths, 'server', instance)) : undefined
    if (at !== undefined) pulses.set(instance, at)
  }
  return pulses
}

export function writePulse(paths: DataPaths, process: ProcessName, nowMs: number, instance = 0): void {
  writeHostFile(pulseFile(paths, process, instance), Math.floor(nowMs / 1000))
}

/** Of servers of which there were more once. One that lies in the future would hide those that follow. */
export function forgetStoppedServers(paths: DataPaths, nowMs: number): void {
  for (const [instance, at] of serverPulses(paths)) {
    if (instance > 0 && Math.abs(nowMs - at) > LEFT_OVER_MS) removeIfThere(pulseFile(paths, 'server', instance))
  }
}

function pulseIn(file: string): number | undefined {
  const seconds = readHostFile(file)
  return typeof seconds === 'number' ? seconds * 1000 : undefined
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
