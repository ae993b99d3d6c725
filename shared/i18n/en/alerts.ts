/** What alerts say. Times and spans arrive as people write them (format.ts). */
import type { AbsenceReason } from '../../absences.ts'
import type { Format } from '../format.ts'
import { withQuote } from '../sentence.ts'

/** A first line, and what it can do without when it is too long: `, since 12:03`, ` (12:03–12:41)`, `: 3 of 3 silent`. */
export type Title = readonly [head: string, tail?: string, further?: string]

/** A list as people write it, and how many it speaks of, so that the verb agrees. */
export interface Names {
  readonly text: string
  readonly count: number
}

export interface AlertTexts {
  /** What more than one kind says. */
  note(text: string): string
  nextReminder(at: string): string
  /** Of a name that the first line had to cut. */
  fullName(name: string): string
  noSignal(timeout: string): string
  noSignalOf(timeout: string, interval: string): string
  missedSchedule(at: string, grace: string): string
  neighbours(names: Names, site: string | undefined): string
  readonly nobodyYet: string
  readonly heldAgainstNoOne: string
  readonly getTime: string

  silentTitle(host: string, since: string): Title
  saidGoodbye(at: string): string
  expectedAway(span: string): string
  lastWords(quoted: string, at: string | undefined): string
  stillSilentTitle(host: string, span: string, since: string): Title
  /** Of a host, and of a whole site. */
  backTitle(name: string, span: string, range: string): Title
  /** Of a host that reports again, and still says that something is wrong. */
  backTroubledTitle(name: string, span: string, range: string): Title
  stillTroubled: Readonly<Record<'error' | 'warning' | 'failed' | 'unfinished', (quoted: string | undefined) => string>>
  rebooted(at: string, goodbye: boolean): string
  readonly slept: string
  networkOnly(format: Format, unsent: number): string
  readonly agentStopped: string
  readonly causeUnknown: string
  notPowerCut(names: Names): string
  missedSignals(format: Format, count: number): string
  missedRuns(format: Format, count: number): string
  firstTitle(host: string, at: string): Title
  /** Each part may be missing. */
  firstDetails(address: string | undefined, site: string | undefined, interval: string | undefined): string
  willTellAfter(timeout: string): string
  shortTimeout(timeout: string, interval: string, better: string): string

  errorTitle(host: string, at: string): Title
  warningTitle(host: string, at: string): Title
  inARow(format: Format, count: number): string
  failedTitle(host: string, at: string): Title
  /** It did not say so itself: its run did not end in time; it reports, and does not get on. */
  readonly overdueTitle: Readonly<Record<'unfinished' | 'stuck', (host: string, since: string) => Title>>
  readonly overdue: Readonly<Record<'unfinished' | 'stuck', (within: string) => string>>
  readonly endedAfterAll: string
  readonly getsOn: string
  exitStatus(status: number): string
  /** Before the last lines of a job. */
  readonly wroteLast: string
  heartbeatTitle(host: string, at: string): Title
  /** Each part may be missing. */
  heartbeat(about: { type?: string; status?: string; version?: string }): string
  /** Of a job: at which time it reports, and should. */
  usuallyAt(at: string, scheduled: string): string
  usuallyEvery(span: string, scheduled: string): string
  clearedTitle(host: string, span: string, range: string): Title
  itSaid(quoted: string): string
  neverTitle(host: string): Title
  configuredSince(at: string | undefined): string
  typo(names: Names): string
  twoTitle(host: string): Title
  takeTurns(addresses: Names): string
  readonly rename: string
  unstableTitle(host: string, times: { format: Format; changes: number; span: string } | undefined): Title
  silentAgain(since: string): string
  readonly quietUntilStable: string
  stableTitle(host: string): Title
  stableSilentTitle(host: string, since: string): Title
  wasUnstable(since: string | undefined): string

  siteSilentTitle(site: string, since: string, silent: string): Title
  /** `3 of 3`, how many are silent. */
  outOf(count: number, of: number | undefined): string
  stoppedWithin(names: string, span: string): string
  silentNow(names: string): string
  othersReport(site: string): string
  readonly noOtherReports: string
  /** Its power or its internet; without having named these. */
  readonly willHearWhich: string
  readonly willHearWhy: string
  siteStillTitle(site: string, span: string, since: string): Title
  siteBackTitle(site: string, missing: string): Title
  offlineFor(span: string, range: string): string
  /** `at`: when the first of them started again. */
  powerCut(names: Names, at: string | undefined): string
  networkCut(names: Names): string
  mixedCut(rebooted: Names, at: string | undefined, stayedUp: Names): string
  backAgain(names: string): string
  missing(names: Names, since: string, byHand: boolean): string

  processDownTitle(process: string, since: string): Title
  readonly processDown: Readonly<Record<'server' | 'bot', string>>
  diskTitle(since: string): Title
  readonly disk: string
  readonly roundsFail: string
  diskAgainTitle(span: string): Title
  readonly diskAgain: string
  processUpTitle(process: string, span: string): Title
  awayTitle(span: string, range: string): Title
  readonly awayBecause: Readonly<Record<AbsenceReason, string>>
  heardSince(heard: number, of: number): string
  waitingFor(hosts: string, until: string): string
  nothingTitle(since: string, silent: number): Title
  stillNothingTitle(span: string, since: string): Title
  readonly nobodyAccused: string
  readonly reached: Readonly<Record<'yes' | 'no' | 'unknown', string>>
  reachableTitle(span: string, range: string): Title
  testTitle(monitor: string): Title
  readonly test: string

  /** Several that waited, in one message; `need`: how many of them are not over. */
  foldedTitle(format: Format, counts: { messages: number; need: number }): string
  wasAway(host: string, range: string, span: string, cause: string | undefined): Title
  readonly briefly: Readonly<Record<'rebooted' | 'slept' | 'network' | 'agent', string>>
  /** What can be answered: on a button, or before the command in a line of text. */
  readonly commands: {
    readonly ack: string
    ackOne(host: string): string
    readonly silence: string
    readonly remove: string
  }
}

const verb = ({ count }: Names, one: string, other: string) => (count === 1 ? one : other)

export const alerts: AlertTexts = {
  note: (text) => `Note: ${text}`,
  nextReminder: (at) => `Next reminder ${at}.`,
  fullName: (name) => `Full name: ${name}`,
  noSignal: (timeout) => `No signal for ${timeout}.`,
  noSignalOf: (timeout, interval) => `No signal for ${timeout}; it normally reports every ${interval}.`,
  missedSchedule: (at, grace) => `It should have reported at ${at}; ${grace} of grace are over.`,
  neighbours: (names, site) => {
    const report = verb(names, 'still reports', 'still report')
    return site === undefined ? `${names.text} ${report}.` : `${names.text} at ${site} ${report}, so ${site} is online.`
  },
  nobodyYet: 'Nobody has taken it yet.',
  heldAgainstNoOne: 'Silence in that time is held against no one.',
  getTime: 'The hosts get the time they need to report.',

  silentTitle: (host, since) => [`🔴 ${host} is silent since ${since}`],
  saidGoodbye: (at) => `It said goodbye at ${at}: its agent was stopped.`,
  expectedAway: (span) => `It was expected to be away for at most ${span}.`,
  lastWords: (quoted, at) => `Last words: ${quoted}${at === undefined ? '' : ` (${at})`}`,
  stillSilentTitle: (host, span, since) => [`🔴 ${host} still silent: ${span}`, `, since ${since}`],
  backTitle: (name, span, range) => [`🟢 ${name} is back, away ${span}`, ` (${range})`],
  backTroubledTitle: (name, span, range) => [`🟠 ${name} is back, away ${span}`, ` (${range})`],
  stillTroubled: {
    error: (quoted) => withQuote('But it reports an error', quoted),
    warning: (quoted) => withQuote('But it reports a warning', quoted),
    failed: (quoted) => withQuote('But it failed', quoted),
    unfinished: (quoted) => withQuote('But its run has not ended', quoted),
  },
  rebooted: (at, goodbye) => `Why: it restarted at ${at}${goodbye ? '' : ', without a shutdown first'}.`,
  slept: 'Why: it was asleep.',
  networkOnly: (format, unsent) =>
    `Why: only its network was gone; it stayed up, ${unsent} ${format.plural(unsent, { one: 'signal', other: 'signals' })} unsent.`,
  agentStopped: 'Why: the agent had stopped; the machine stayed up.',
  causeUnknown: "Why: unknown; this client doesn't say.",
  notPowerCut: (names) => `Not a power cut: ${names.text} stayed up.`,
  missedSignals: (format, count) =>
    `Missed: about ${count} ${format.plural(count, { one: 'signal', other: 'signals' })}.`,
  missedRuns: (format, count) => `Missed: ${count} ${format.plural(count, { one: 'run', other: 'runs' })}.`,
  firstTitle: (host, at) => [`👋 ${host} reports for the first time`, ` (${at})`],
  firstDetails: (address, site, interval) => {
    const parts = [address && `from ${address}`, site && `site ${site}`, interval && `every ${interval}`].filter(
      Boolean,
    )
    const text = parts.join(', ')
    return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
  },
  willTellAfter: (timeout) => `If it falls silent you'll hear after ${timeout}.`,
  shortTimeout: (timeout, interval, better) =>
    `It reports every ${interval} but is called silent after ${timeout}, so one lost signal is a false alarm. Better: timeout: ${better}, or more.`,

  errorTitle: (host, at) => [`🟠 ${host} reports an error`, ` (${at})`],
  warningTitle: (host, at) => [`🟠 ${host} reports a warning`, ` (${at})`],
  inARow: (_, count) => `${count} times in a row.`,
  failedTitle: (host, at) => [`🔴 ${host} failed`, ` (${at})`],
  overdueTitle: {
    unfinished: (host, since) => [`🔴 ${host} has not ended`, `, started at ${since}`],
    stuck: (host, since) => [`🟠 ${host} reports but is stuck`, ` since ${since}`],
  },
  overdue: {
    unfinished: (within) => `It should have ended within ${within}.`,
    stuck: (within) => `Its signals arrive, but there was no progress for ${within}.`,
  },
  endedAfterAll: 'The run ended after all.',
  getsOn: 'It gets on again.',
  exitStatus: (status) => `Exit status ${status}.`,
  wroteLast: 'It wrote last:',
  heartbeatTitle: (host, at) => [`✅ ${host} is active`, ` (${at})`],
  heartbeat: ({ type, status, version }) =>
    [type && `Type ${type}`, status && `status ${status}`, version && `version ${version}`].filter(Boolean).join(', '),
  usuallyAt: (at, scheduled) => `It usually reports at ${at}, its schedule says ${scheduled}: is the time zone right?`,
  usuallyEvery: (span, scheduled) => `It usually reports every ${span}, its schedule says every ${scheduled}.`,
  clearedTitle: (host, span, range) => [`🟢 ${host} is fine again after ${span}`, ` (${range})`],
  itSaid: (quoted) => `Before, it said ${quoted}`,
  neverTitle: (host) => [`🟠 ${host} was never heard`],
  configuredSince: (at) => `It is in monitora.yml${at === undefined ? '' : ` since ${at}`}.`,
  typo: (names) => `${names.text} ${verb(names, 'reports but is not', 'report but are not')}: a typo?`,
  twoTitle: (host) => [`🟠 Two machines report as ${host}`],
  takeTurns: (addresses) => {
    const who = ['They', `Both are at ${addresses.text} and`][addresses.count] ?? addresses.text
    return `${who} take turns. If one falls silent, nobody would notice.`
  },
  rename: 'Give one another name: host: in its endpoint.yml.',
  unstableTitle: (host, times) => [
    `🟠 ${host} comes and goes`,
    times &&
      `: ${times.changes} ${times.format.plural(times.changes, { one: 'time', other: 'times' })} in ${times.span}`,
  ],
  silentAgain: (since) => `Silent again since ${since}.`,
  quietUntilStable: 'No more messages about that until it is stable.',
  stableTitle: (host) => [`🟢 ${host} is stable again`],
  stableSilentTitle: (host, since) => [`🔴 ${host} stays silent`, `, since ${since}`],
  wasUnstable: (since) =>
    since === undefined
      ? 'From now on you hear of it again.'
      : `It came and went since ${since}; from now on you hear of it again.`,

  siteSilentTitle: (site, since, silent) => [`🔴 ${site} is offline since ${since}`, `: ${silent} silent`],
  outOf: (count, of) => (of === undefined ? `${count}` : `${count} of ${of}`),
  stoppedWithin: (names, span) => `${names} stopped within ${span} of each other.`,
  silentNow: (names) => `Silent: ${names}.`,
  othersReport: (site) => `Other sites still report, so it is ${site}'s power or internet.`,
  noOtherReports: "No other site reports, so it may also be Monitora's own network.",
  willHearWhich: "You'll hear which when it returns.",
  willHearWhy: "You'll hear why when it returns.",
  siteStillTitle: (site, span, since) => [`🔴 ${site} still offline: ${span}`, `, since ${since}`],
  siteBackTitle: (site, missing) => [`🟠 ${site} is back, except ${missing}`],
  offlineFor: (span, range) => `Offline ${span} (${range}).`,
  powerCut: (names, at) => {
    if (names.count === 0) return 'Power cut.'
    const both = names.count === 2 ? ' both' : ''
    return `Power cut: ${names.text}${both} started again${at === undefined ? '' : ` at ${at}`}.`
  },
  networkCut: (names) => (names.count === 0 ? 'Internet cut.' : `Internet cut: ${names.text} stayed up.`),
  mixedCut: (rebooted, at, stayedUp) => {
    const started = rebooted.count > 0 && `${rebooted.text} started again${at === undefined ? '' : ` at ${at}`}`
    const stayed = stayedUp.count > 0 && `${stayedUp.text} stayed up`
    return `Not the same for all: ${[started, stayed].filter(Boolean).join('; ') || 'some restarted, some stayed up'}.`
  },
  backAgain: (names) => `Back: ${names}.`,
  missing: (names, since, byHand) => {
    const hint = byHand ? `; ${verb(names, 'it', 'they')} may need switching on by hand` : ''
    return `${names.text} ${verb(names, 'has', 'have')} not reported since ${since}${hint}.`
  },

  processDownTitle: (process, since) => [`⚪ Monitora's ${process} is down since ${since}`],
  processDown: {
    server: 'Nobody is heard until it runs again; that time will be held against no host.',
    bot: 'Commands get no answer until it runs again. Alerts are sent all the same.',
  },
  diskTitle: (since) => ['⚪ Monitora cannot write to its disk', ` (${since})`],
  disk: 'Alerts wait until it can: is the disk full or read-only?',
  roundsFail: 'It runs, but fails: no silence is noticed until that is over. Its log says more.',
  diskAgainTitle: (span) => ['⚪ Monitora writes to its disk again', ` after ${span}`],
  diskAgain: 'Alerts that waited are sent now.',
  processUpTitle: (process, span) => [`⚪ Monitora's ${process} runs again`, ` after ${span}`],
  awayTitle: (span, range) => [`⚪ Monitora was away ${span}`, ` (${range})`],
  awayBecause: {
    'not-running': 'The server was not running.',
    asleep: 'The box was asleep.',
    'clock-set': 'The clock was set forward.',
    'cannot-write': 'The disk could not be written.',
    stuck: 'The server was stuck.',
  },
  heardSince: (heard, of) => `Heard since: ${heard} of ${of}.`,
  waitingFor: (hosts, until) => `Waiting for ${hosts} until ${until}.`,
  nothingTitle: (since, silent) => [
    `⚪ Nothing reaches me since ${since}`,
    silent > 0 ? `: ${silent} silent` : undefined,
  ],
  stillNothingTitle: (span, since) => [`⚪ Still nothing reaches me: ${span}`, `, since ${since}`],
  nobodyAccused: 'No host is accused until signals arrive again.',
  reached: {
    yes: "The internet works from here: look at this box's firewall, its port and its DNS name.",
    no: 'This box itself is offline: it reaches nobody either.',
    unknown: 'Whether this box reaches the internet could not be tried.',
  },
  reachableTitle: (span, range) => [`⚪ Signals arrive again after ${span}`, ` (${range})`],
  testTitle: (monitor) => [`⚪ Test alert from ${monitor}`],
  test: 'If you read this, alerts reach you here.',

  foldedTitle: (format, { messages, need }) =>
    `${messages} messages in one${need > 0 ? `, ${need} ${format.plural(need, { one: 'needs', other: 'need' })} you` : ''}`,
  wasAway: (host, range, span, cause) => [`🟢 ${host} was away ${range} (${span})`, cause && `, ${cause}`],
  briefly: {
    rebooted: 'it restarted',
    slept: 'it was asleep',
    network: 'only its network was gone',
    agent: 'its agent had stopped',
  },
  commands: {
    ack: "I'm on it",
    ackOne: (host) => `I'm on it: ${host}`,
    silence: 'Quiet for 8 h',
    remove: 'Not yours? Remove',
  },
}
