/**
 * Reads error events and their samples as files hold them. The server writes them bounded, but files can hold anything:
 * what comes out of here has the shape that others reckon with, small enough to be kept and shallow enough to be written.
 */
import { ERROR_LEVELS, type ErrorEvent, type ErrorSample, type Frame } from './error-event.ts'
import { parseObject } from './files.ts'
import { isHostName } from './names.ts'

const GROUP = /^[0-9a-f]{16}$/
const LONGEST_LINE = 256 * 1024
const LONGEST_NAME = 200
const LONGEST_TEXT = 2000
const LONGEST_STACK = 10_000
const MOST_FRAMES = 50
const MOST_BREADCRUMBS = 50
const MOST_TAGS = 50
const DEEPEST = 8

/** It becomes a file name. */
export function isErrorGroup(group: unknown): group is string {
  return typeof group === 'string' && GROUP.test(group)
}

/** @param line of `inbox/errors/*.jsonl`. @returns `undefined` for what is no event */
export function parseErrorEvent(line: string): ErrorEvent | undefined {
  const found = line.length > LONGEST_LINE ? undefined : parseObject(line)
  if (!found) return undefined
  const { project, group, at, sample } = found
  if (!isHostName(project) || !isErrorGroup(group) || typeof at !== 'string' || Number.isNaN(Date.parse(at))) {
    return undefined
  }
  return { project, group, at, sample: parseErrorSample(sample) }
}

/** @returns `undefined` for what is no sample */
export function parseErrorSample(value: unknown): ErrorSample | undefined {
  if (!isObject(value)) return undefined
  const text = (key: string, longest = LONGEST_NAME) => textOf(value[key], longest)
  const { frames, tags, context, breadcrumbs, crash } = value
  return {
    id: text('id') ?? '',
    type: text('type') ?? '',
    message: text('message', LONGEST_TEXT) ?? '',
    level: ERROR_LEVELS.find((level) => level === value.level) ?? 'error',
    ...(crash === true && { crash }),
    ...(Array.isArray(frames) && { frames: frames.slice(0, MOST_FRAMES).filter(isObject).map(frameOf) }),
    stack: text('stack', LONGEST_STACK),
    release: text('release'),
    environment: text('environment'),
    server: text('server'),
    platform: text('platform'),
    url: text('url', LONGEST_TEXT),
    ...(isObject(tags) && { tags: tagsOf(tags) }),
    ...(isObject(context) && { context: shallow(context, DEEPEST) as Record<string, unknown> }),
    ...(Array.isArray(breadcrumbs) && {
      breadcrumbs: breadcrumbs.slice(-MOST_BREADCRUMBS).filter(isObject).map(breadcrumbOf),
    }),
  }
}

function frameOf(found: Record<string, unknown>): Frame {
  const { line, inApp } = found
  return {
    file: textOf(found.file, LONGEST_TEXT),
    line: typeof line === 'number' && line >= 0 && Number.isSafeInteger(line) ? line : undefined,
    function: textOf(found.function, LONGEST_NAME),
    ...(typeof inApp === 'boolean' && { inApp }),
  }
}

function tagsOf(found: Record<string, unknown>): Record<string, string> {
  const tags = Object.entries(found).filter((tag): tag is [string, string] => typeof tag[1] === 'string')
  return Object.fromEntries(
    tags.slice(0, MOST_TAGS).map(([key, value]) => [key.slice(0, LONGEST_NAME), value.slice(0, LONGEST_NAME)]),
  )
}

function breadcrumbOf(found: Record<string, unknown>) {
  return {
    at: textOf(found.at, LONGEST_NAME),
    category: textOf(found.category, LONGEST_NAME),
    message: textOf(found.message, LONGEST_TEXT),
  }
}

/** Without what lies deeper: it could be read, but not be written again. */
function shallow(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '…'
  if (Array.isArray(value)) return value.map((item) => shallow(item, depth - 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shallow(item, depth - 1)]))
}

function textOf(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' ? value.slice(0, longest) : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
