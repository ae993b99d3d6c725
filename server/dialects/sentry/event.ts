/**
 * Reads a Sentry event into what we keep of an error: bounded, and not yet scrubbed. Every field may be missing or be
 * anything else; what makes no sense is left out.
 */
import type { ErrorSample, Frame } from '../../../shared/error-event.ts'
import { groupOf } from '../../errors/group.ts'
import {
  breadcrumb,
  contextOf,
  type Fields,
  fieldsOf,
  isFields,
  label,
  levelOf,
  listOf,
  MESSAGE_LENGTH,
  MOST_BREADCRUMBS,
  MOST_FRAMES,
  newErrorId,
  prose,
  scalarText,
  tagsOf,
} from '../../errors/sample.ts'
import { numberOf } from '../../errors/stack.ts'

const URL_LENGTH = 500
const MOST_CAUSES = 5
const MOST_FINGERPRINTS = 10
/** Of the SDK itself, or of a machine: they explain no error and fill the place of what does. */
const DULL_CONTEXTS: ReadonlySet<string> = new Set([
  'trace',
  'app',
  'device',
  'culture',
  'cloud_resource',
  'profile',
  'replay',
])

export interface ReadEvent {
  readonly id: string
  readonly group: string
  readonly sample: () => ErrorSample
}

/** @param envelopeId the envelope's, which wins */
export function readEvent(found: Fields, envelopeId: string | undefined): ReadEvent {
  const exceptions = exceptionsOf(found.exception)
  const last = exceptions.at(-1)
  const said = last && label(last.type) !== undefined ? undefined : messageOf(found)
  // An exception without a type may only carry the stack of whoever said the message.
  const raised = said?.message === undefined ? last : undefined
  const id = envelopeId ?? eventId(found.event_id) ?? newErrorId()
  const type = raised ? (label(raised.type) ?? 'Error') : 'Message'
  const message = said?.message ?? prose(raised?.value, MESSAGE_LENGTH) ?? ''
  const frames = last && framesOf(last)
  const fingerprint = listOf(found.fingerprint)
    .slice(0, MOST_FINGERPRINTS)
    .flatMap((part) => label(scalarText(part)) ?? [])
  // Texts that were filled in from one template are one; what many say in one place, by a logger, are many.
  const alike = { type, message: said?.template ?? message, frames: raised && frames }
  return {
    id,
    group: groupOf(alike, fingerprint),
    sample() {
      const request = fieldsOf(found.request)
      return {
        id,
        type,
        message,
        level: levelOf(found.level),
        crash: last && fieldsOf(last.mechanism).handled === false ? true : undefined,
        frames,
        release: label(found.release),
        environment: label(found.environment),
        server: label(found.server_name),
        platform: label(found.platform),
        url: label(request.url, URL_LENGTH),
        tags: tagsOf(found.tags),
        context: contextOf(aroundOf(found, request, exceptions)),
        breadcrumbs: breadcrumbsOf(found.breadcrumbs),
      }
    },
  }
}

/** 32 hex digits, in lower case and without hyphens. */
export function eventId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined
  const plain = value.replaceAll('-', '').toLowerCase()
  return /^[\da-f]{32}$/.test(plain) ? plain : undefined
}

/** The innermost cause first, what was raised last. */
function exceptionsOf(exception: unknown): Fields[] {
  const values = Array.isArray(exception) ? exception : (fieldsOf(exception).values ?? exception)
  return (Array.isArray(values) ? values : [values]).filter(isFields)
}

function messageOf(found: Fields): { message?: string; template?: string } {
  const entry = typeof found.logentry === 'string' ? { message: found.logentry } : fieldsOf(found.logentry)
  const plain = isFields(found.message) ? found.message : { message: found.message }
  const { message, formatted, params } = entry.message === undefined ? (plain as Fields) : entry
  const template = prose(message, MESSAGE_LENGTH)
  return { template, message: prose(formatted, MESSAGE_LENGTH) ?? (template && filled(template, listOf(params))) }
}

/** As Python's logging fills it. */
function filled(template: string, params: readonly unknown[]): string | undefined {
  let next = 0
  const text = template.replace(/%[sdrif]/g, (mark) => scalarText(params[next++]) ?? mark)
  return prose(text, MESSAGE_LENGTH)
}

function framesOf({ stacktrace }: Fields): Frame[] | undefined {
  const frames = listOf(fieldsOf(stacktrace).frames)
    .slice(-MOST_FRAMES)
    .reverse()
    .filter(isFields)
    .map(
      (frame): Frame => ({
        file: label(frame.filename ?? frame.abs_path ?? frame.module, 300),
        line: numberOf(frame.lineno),
        function: label(frame.function),
        inApp: typeof frame.in_app === 'boolean' ? frame.in_app : undefined,
      }),
    )
  return frames.length === 0 ? undefined : frames
}

/** What explains it best comes first, for the rest may find no room. */
function aroundOf({ user, extra, contexts, transaction }: Fields, request: Fields, exceptions: readonly Fields[]) {
  const { method, query_string, headers, data, cookies } = request
  const causes = exceptions
    .slice(0, -1)
    .slice(-MOST_CAUSES)
    .map(({ type, value }) => `${label(type) ?? 'Error'}: ${prose(value, URL_LENGTH) ?? ''}`)
    .reverse()
  return dropEmpty({
    transaction,
    causes,
    user,
    request: dropEmpty({ method, query_string, data, headers, cookies }),
    extra,
    ...Object.fromEntries(Object.entries(fieldsOf(contexts)).filter(([name]) => !DULL_CONTEXTS.has(name))),
  })
}

function dropEmpty(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== undefined && value !== null && !(typeof value === 'object' && Object.keys(value).length === 0),
    ),
  )
}

function breadcrumbsOf(value: unknown): ErrorSample['breadcrumbs'] {
  const crumbs = (Array.isArray(value) ? value : listOf(fieldsOf(value).values))
    .slice(-MOST_BREADCRUMBS)
    .filter(isFields)
    .map(({ timestamp, category, type, message, data }) => {
      const { method, url, status_code } = fieldsOf(data)
      const parts = [label(method), label(url, URL_LENGTH), scalarText(status_code)]
      const request = typeof url === 'string' ? parts.filter(Boolean).join(' ') : undefined
      return breadcrumb(momentOf(timestamp), category ?? type, message ?? request)
    })
  return crumbs.length === 0 ? undefined : crumbs
}

/** Of seconds or of ISO 8601. */
function momentOf(value: unknown): string | undefined {
  const date = new Date(typeof value === 'number' ? value * 1000 : typeof value === 'string' ? value : Number.NaN)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
