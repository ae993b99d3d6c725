/** What alerts say. Times and spans arrive as people write them (format.ts). */
import type { AbsenceReason } from '../../absences.ts'

export interface AlertTexts {
  silentTitle(host: string, since: string): string
  noSignal(timeout: string): string
  noSignalOf(timeout: string, interval: string): string
  missedSchedule(at: string, grace: string): string
  saidGoodbye(at: string): string
  note(text: string): string
  nextReminder(at: string): string
  stillSilentTitle(host: string, span: string, since: string): string
  backTitle(host: string, span: string, from: string, to: string): string
  rebooted(at: string, goodbye: boolean): string
  slept: string
  networkOnly(unsent: number): string
  agentStopped: string
  causeUnknown: string
  firstTitle(host: string, at: string): string
  /** Each part may be missing. */
  firstDetails(address: string | undefined, site: string | undefined, interval: string | undefined): string
  willTellAfter(timeout: string): string
  notYours(host: string): string
  processDownTitle(process: string, since: string): string
  processDown: string
  diskTitle(since: string): string
  readonly disk: string
  readonly roundsFail: string
  processUpTitle(process: string, span: string): string
  processUp: string
  awayTitle(span: string, from: string, to: string): string
  awayBecause(why: AbsenceReason): string
  heldAgainstNoOne: string
  heardSince(heard: number, of: number): string
  waitingFor(hosts: string, until: string): string
  testTitle(monitor: string): string
  test: string
  fullName(host: string): string
}

const AWAY: Readonly<Record<AbsenceReason, string>> = {
  'not-running': 'The server was not running.',
  asleep: 'The box was asleep.',
  'clock-set': 'The clock was set forward.',
  'cannot-write': 'The disk could not be written.',
  stuck: 'The server was stuck.',
}

export const alerts: AlertTexts = {
  silentTitle: (host, since) => `🔴 ${host} is silent since ${since}`,
  noSignal: (timeout) => `No signal for ${timeout}.`,
  noSignalOf: (timeout, interval) => `No signal for ${timeout}; it normally reports every ${interval}.`,
  missedSchedule: (at, grace) => `It should have reported at ${at}; ${grace} of grace are over.`,
  saidGoodbye: (at) => `It said goodbye at ${at}: its agent was stopped.`,
  note: (text) => `Note: ${text}`,
  nextReminder: (at) => `Next reminder ${at}.`,
  stillSilentTitle: (host, span, since) => `🔴 ${host} still silent: ${span}, since ${since}`,
  backTitle: (host, span, from, to) => `🟢 ${host} is back, away ${span} (${from}–${to})`,
  rebooted: (at, goodbye) => `Why: it restarted at ${at}${goodbye ? '' : ', without a shutdown first'}.`,
  slept: 'Why: it was asleep.',
  networkOnly: (unsent) =>
    `Why: only its network was gone; it stayed up, ${unsent} ${unsent === 1 ? 'signal' : 'signals'} unsent.`,
  agentStopped: 'Why: the agent had stopped; the machine stayed up.',
  causeUnknown: "Why: unknown; this client doesn't say.",
  firstTitle: (host, at) => `👋 ${host} reports for the first time (${at})`,
  firstDetails: (address, site, interval) => {
    const parts = [address && `from ${address}`, site && `site ${site}`, interval && `every ${interval}`].filter(
      Boolean,
    )
    const text = parts.join(', ')
    return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
  },
  willTellAfter: (timeout) => `If it falls silent you'll hear after ${timeout}.`,
  notYours: (host) => `Not yours? /remove_host ${host}`,
  processDownTitle: (process, since) => `⚪ Monitora's ${process} is down since ${since}`,
  processDown: 'Nobody is heard until it runs again; that time will be held against no host.',
  diskTitle: (since) => `⚪ Monitora cannot write to its disk (${since})`,
  disk: 'Alerts wait until it can: is the disk full or read-only?',
  roundsFail: 'It runs, but fails: no silence is noticed until that is over. Its log says more.',
  processUpTitle: (process, span) => `⚪ Monitora's ${process} runs again after ${span}`,
  processUp: 'The hosts get the time they need to report.',
  awayTitle: (span, from, to) => `⚪ Monitora was away ${span} (${from}–${to})`,
  awayBecause: (why) => AWAY[why],
  heldAgainstNoOne: 'Silence in that time is held against no one.',
  heardSince: (heard, of) => `Heard since: ${heard} of ${of}.`,
  waitingFor: (hosts, until) => `Waiting for ${hosts} until ${until}.`,
  testTitle: (monitor) => `⚪ Test alert from ${monitor}`,
  test: 'If you read this, alerts reach you here.',
  fullName: (host) => `Host: ${host}`,
}
