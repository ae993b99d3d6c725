/**
 * How far V8 may let the heap grow before it collects what is no longer in use. Server and checker know a little of each
 * of many hosts: left to itself, V8 lets them take several times what they need, which at a hundred thousand hosts is
 * three times the memory, for a few per cent less of a core.
 */
import { setFlagsFromString } from 'node:v8'

/**
 * V8 notices that most of what a round makes outlives a look for garbage, and puts all of its kind among what lasts: in
 * the checker of a hundred thousand hosts that took a tenth of its time, and of its memory.
 */
setFlagsFromString('--no-allocation-site-pretenuring')

/** Per cent of what is in use. While a process loads what it knows, nearly all of it stays in use: to look often is in vain. */
const GROWTH = { loading: 50, running: 20 }

export function limitHeap(phase: keyof typeof GROWTH): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH[phase]}`)
}
