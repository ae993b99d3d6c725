/**
 * Reads a stack that came as text, as JavaScript, Python and PHP write it, into frames, the place where it was raised
 * first. Arguments, which may hold anything, are not read. A text in no such format gives none.
 */
import type { Frame } from '../../shared/error-event.ts'
import { fieldsOf, label, MOST_FRAMES } from './sample.ts'

type Place = Pick<Frame, 'file' | 'line'>
/** Where something was called, and what: who called it stands in the next one. */
type Call = Place & { readonly called: string | undefined }

const MOST_LINES = 400
const LINE_LENGTH = 500
const PYTHON_BEGINS = 'Traceback (most recent call last):'
const LIBRARY =
  /(?:^|[\\/])(?:node_modules|site-packages|dist-packages|vendor)[\\/]|^node:|^internal[\\/]|^\/usr\/lib\/|[\\/]lib[\\/]python\d|^<frozen|^\[internal/

/** `    at Shop.pay (/app/shop.js:12:5)`; Java leaves out the column. */
const V8 = /^\s*at (?:(.{1,200}?) ?\()?([^()]{1,300}?):(\d{1,9})(?::\d{1,9})?\)?$/
/** `pay@https://example.com/shop.js:12:5`, of Firefox and Safari. */
const GECKO = /^([^@\s]{0,200})@(\S{1,300}?):(\d{1,9}):\d{1,9}$/
const PYTHON = /^\s*File "([^"]{1,300})", line (\d{1,9})(?:, in (.{1,200}))?$/
const PHP = /^#\d{1,4} (.{1,300}?)(?:\((\d{1,9})\))?: ([^(]{1,200})/
/** Where PHP says that it was raised: `… in /app/shop.php:12`. */
const PHP_RAISED = / in (\/.{1,300}?|[A-Za-z]:\\.{1,300}?)(?::| on line )(\d{1,9})$/

/** @param raisedAt where the client says that it was raised: PHP's own text may only tell of the calls that led there */
export function framesOf(stack: string, raisedAt?: Place): Frame[] | undefined {
  const frames = python(stack) ?? php(linesOf(stack), raisedAt) ?? javascript(linesOf(stack))
  return frames.length === 0 ? undefined : frames.slice(0, MOST_FRAMES)
}

/**
 * A list of objects: PHP's `getTrace()`, whose items tell what was called and where, or what other clients make, whose
 * items tell where one was and in what.
 * @param raisedAt where the client says that it was raised
 */
export function framesOfList(list: readonly unknown[], raisedAt?: Place): Frame[] | undefined {
  const items = list.slice(0, MOST_FRAMES).map(fieldsOf)
  const calls = items.map(({ file, filename, line, lineno, class: owner, type, function: name }): Call => {
    const called = isCallType(type) ? `${label(owner) ?? ''}${type}${label(name) ?? ''}` : label(name)
    return { file: label(file ?? filename, 300), line: numberOf(line ?? lineno), called }
  })
  const isTold = raisedAt?.file !== undefined && !isSamePlace(raisedAt, calls[0])
  const isOfMethods = items.some(({ type }) => isCallType(type))
  // Some begin with where the program began.
  const isReversed = isTold && !isOfMethods && isSamePlace(raisedAt, calls.at(-1))
  if (isReversed) calls.reverse()
  const isOfCalls = isOfMethods || (isTold && !isReversed)
  const found = isOfCalls ? shifted(calls, raisedAt) : calls.map((call) => frameOf(call.file, call.line, call.called))
  const frames = found.filter((frame) => frame.file !== undefined || frame.function !== undefined)
  return frames.length === 0 ? undefined : frames.slice(0, MOST_FRAMES)
}

/** As PHP writes a call of a method. */
function isCallType(type: unknown): type is '->' | '::' {
  return type === '->' || type === '::'
}

export function frameOf(file: string | undefined, line: number | undefined, name: string | undefined): Frame {
  return { file, line, function: name, inApp: file === undefined ? undefined : isInApp(file) }
}

function isInApp(file: string): boolean {
  return !LIBRARY.test(file)
}

/** A line number, as a client may send it. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

function linesOf(stack: string): string[] {
  return stack.split('\n', MOST_LINES).map((line) => line.slice(0, LINE_LENGTH).trimEnd())
}

/** The last of several is what was raised; those before it are its causes. */
function python(stack: string): Frame[] | undefined {
  const begins = stack.lastIndexOf(PYTHON_BEGINS)
  const frames = stack
    .slice(Math.max(0, begins))
    .slice(-MOST_LINES * LINE_LENGTH)
    .split('\n')
    .slice(-MOST_LINES)
    .flatMap((line) => {
      const found = PYTHON.exec(line.slice(0, LINE_LENGTH).trimEnd())
      return found ? [frameOf(found[1], Number(found[2]), found[3])] : []
    })
  return frames.length === 0 ? undefined : frames.reverse()
}

function php(lines: readonly string[], raisedAt: Place | undefined): Frame[] | undefined {
  const calls = lines.flatMap((line): Call[] => {
    const found = PHP.exec(line)
    return found ? [{ file: found[1], line: numberOf(found[2]), called: found[3]!.trim() }] : []
  })
  if (calls.length === 0) return undefined
  const told = lines.map((line) => PHP_RAISED.exec(line)).find((found) => found !== null)
  return shifted(calls, told ? { file: told[1], line: Number(told[2]) } : raisedAt)
}

/** Frames of calls, the place where it was raised first. */
function shifted(calls: readonly Call[], raisedAt: Place | undefined): Frame[] {
  const frames = calls.map((call, index) => frameOf(call.file, call.line, calls[index + 1]?.called))
  // What PHP's own functions raise counts as raised where they were called: that stands in the first line already.
  if (raisedAt?.file === undefined || isSamePlace(raisedAt, calls[0])) return frames
  return [frameOf(raisedAt.file, raisedAt.line, calls[0]?.called), ...frames]
}

function isSamePlace(one: Place, other: Place | undefined): boolean {
  return one.file === other?.file && one.line === other?.line
}

function javascript(lines: readonly string[]): Frame[] {
  return lines.flatMap((line) => {
    const v8 = V8.exec(line)
    if (v8) return [frameOf(v8[2], Number(v8[3]), v8[1])]
    const gecko = GECKO.exec(line)
    return gecko ? [frameOf(gecko[2], Number(gecko[3]), gecko[1] || undefined)] : []
  })
}
