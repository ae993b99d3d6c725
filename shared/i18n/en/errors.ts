/** What is said of errors that applications report: in alerts and on the command line. */
import type { Format } from '../format.ts'
import { sentence } from '../sentence.ts'
import type { Title } from './alerts.ts'

/** What it is, for people: by its level. */
export type ErrorNoun = 'error' | 'warning' | 'message'
/** `old`: it has gone on for long. */
export type ErrorAge = 'new' | 'back' | 'old'

export interface ErrorTexts {
  /** `span`: within which there were so many; of one `at`. */
  title(
    format: Format,
    facts: { project: string; noun: ErrorNoun; age: ErrorAge; count: number; span: string; at: string },
  ): Title
  calledBy(place: string, caller: string): string
  readonly crash: string
  environment(name: string): string
  /** Each part may be missing. `after`: so long after the release appeared. */
  first(facts: { at?: string; release?: string; after?: string; isNew: boolean }): string
  backSince(resolved: string, at: string | undefined): string
  nextAt(count: number): string
  tooMany(project: string, until: string): string

  readonly cli: {
    none(project: string | undefined): string
    more(count: number): string
    line(format: Format, facts: ErrorFacts): string
    releases(first: string, last: string | undefined): string
    resolvedBy(at: string, by: string): string
    last(at: string, of: readonly string[]): string
    tags(list: string): string
    readonly before: string
    resolved(project: string, id: string): string
    resolvedAlready(project: string, id: string, at: string): string
    unknownProject(name: string, likely: string | undefined): string
    unknownGroup(id: string, project: string, likely: string | undefined): string
    ambiguous(id: string, groups: string): string
    readonly whichGroup: string
  }
}

interface ErrorFacts {
  readonly project: string
  readonly id: string
  /** Its type and message. */
  readonly what: string
  readonly count: number
  readonly first: string
  readonly last: string
  readonly release?: string
}

const number = (count: number) => count.toLocaleString('en')

export const errors: ErrorTexts = {
  title: (format, { project, noun, age, count, span, at }) => {
    const what = { new: `new ${noun}`, back: `${noun} is back`, old: noun }[age]
    const times = `, ${number(count)} ${format.plural(count, { one: 'time', other: 'times' })} in ${span}`
    return [`🚨 ${project}: ${what}`, count > 1 ? times : ` (${at})`]
  },
  calledBy: (place, caller) => `${place}, called by ${caller}`,
  crash: 'Nothing caught it.',
  environment: (name) => `Environment: ${name}.`,
  first: ({ at, release, after, isNew }) => {
    const since = after === undefined ? release && `in ${release}` : `${after} after ${release} appeared`
    return sentence([at && `first at ${at}`, since], isNew && 'not seen before')
  },
  backSince: (resolved, at) => `Resolved at ${resolved}${at === undefined ? '' : `; here again since ${at}`}.`,
  nextAt: (count) => `You'll hear again at ${number(count)}.`,
  tooMany: (project, until) =>
    `Too many different ones: no more of ${project} until ${until}. All of them: monitora errors ${project}`,

  cli: {
    none: (project) => (project === undefined ? 'No unresolved errors.' : `${project}: no unresolved errors.`),
    more: (count) => `… and ${number(count)} more`,
    line: (format, { project, id, what, count, first, last, release }) => {
      const times = `${number(count)} ${format.plural(count, { one: 'time', other: 'times' })}, first ${first}, last ${last}`
      return `${project} ${id} ${what}: ${count > 1 ? times : `once, ${first}`}${release ? `, in ${release}` : ''}`
    },
    releases: (first, last) => (last === undefined ? `Release: ${first}` : `Releases: from ${first} to ${last}`),
    resolvedBy: (at, by) => `Resolved at ${at}${by === '' ? '' : ` (${by})`}.`,
    last: (at, of) => `The last one, at ${at}${of.length > 0 ? ` (${of.join(', ')})` : ''}:`,
    tags: (list) => `Tags: ${list}`,
    before: 'Before that:',
    resolved: (project, id) => `${project} ${id}: resolved. If it comes back, you'll hear.`,
    resolvedAlready: (project, id, at) => `${project} ${id}: resolved already, at ${at}.`,
    unknownProject: (name, likely) => `${name}: no errors are known of it${likely ? `; did you mean ${likely}?` : ''}`,
    unknownGroup: (id, project, likely) =>
      `${id}: ${project} has no such error${likely ? `; did you mean ${likely}?` : ''}`,
    ambiguous: (id, groups) => `${id}: more than one begins so: ${groups}`,
    whichGroup: '--resolve: expected PROJECT and GROUP (monitora errors lists them)',
  },
}
