/** What is told of one host. */
import type { Alert, Cause, Usual } from '../../../shared/alert.ts'
import { oneLine } from './facts.ts'
import { ackAndSilence, hostCommands, joined, type Speech, spanOf, type Worded } from './speech.ts'

const MOST_NEIGHBOURS = 3
const MOST_DETAILS = 8
const MOST_LINES = 5
/** One lost signal says nothing. */
const MISSED_MATTERS = 2
/** A timeout that forgives two lost signals. */
const GOOD_TIMEOUT = 3

export function silent(alert: Alert, speech: Speech): Worded {
  const { texts, clock, span, quote } = speech
  const { lastWords, lastWordsAt, goodbyeAt, expectedAbsenceMs } = alert
  return {
    title: (host) => texts.silentTitle(host, clock(spanOf(alert).sinceAt)),
    lines: [
      whySilent(alert, speech),
      alert.usual && otherRhythm(alert.usual, speech),
      goodbyeAt === undefined ? undefined : texts.saidGoodbye(clock(goodbyeAt)),
      expectedAbsenceMs === undefined ? undefined : texts.expectedAway(span(expectedAbsenceMs)),
      neighbours(alert, speech),
      lastWords && texts.lastWords(quote(lastWords), lastWordsAt === undefined ? undefined : clock(lastWordsAt)),
      speech.note(alert),
      speech.reminder(alert),
    ],
    commands: hostCommands(alert, (name) => ackAndSilence(name, speech)),
  }
}

export function stillSilent(alert: Alert, speech: Speech): Worded {
  const { texts, clock, span } = speech
  const { sinceAt, downMs } = spanOf(alert)
  return {
    title: (host) => texts.stillSilentTitle(host, span(downMs), clock(sinceAt)),
    reason: whySilent(alert, speech),
    lines: [neighbours(alert, speech), texts.nobodyYet, speech.note(alert), speech.reminder(alert)],
    commands: hostCommands(alert, (name) => ackAndSilence(name, speech)),
  }
}

export function recovered(alert: Alert, speech: Speech): Worded {
  const { texts, span, range, quote } = speech
  const { sinceAt, downMs } = spanOf(alert)
  const stayedUp = alert.cause?.kind === 'rebooted' ? speech.names(alert.stayedUp) : undefined
  const { status, message, why } = alert
  const trouble = status === 'error' || status === 'warning' || status === 'failed' ? status : undefined
  const still = trouble && why === 'unfinished' ? why : trouble
  const titleOf = still ? texts.backTroubledTitle : texts.backTitle
  return {
    title: (host) => titleOf(host, span(downMs), range(sinceAt, alert.heardAt ?? alert.at)),
    lines: [
      still && texts.stillTroubled[still](message && quote(message)),
      alert.cause && whyBack(alert.cause, alert, speech),
      stayedUp?.count ? texts.notPowerCut(stayedUp) : undefined,
      whatMissed(alert, speech),
    ],
  }
}

export function firstSignal(alert: Alert, speech: Speech): Worded {
  const { texts, clock, span } = speech
  const { address, intervalMs, timeoutMs } = alert
  const site = alert.siteName ?? alert.site
  const interval = intervalMs === undefined ? undefined : span(intervalMs)
  const tooShort = alert.shortTimeout && timeoutMs !== undefined && intervalMs !== undefined
  return {
    title: (host) => texts.firstTitle(host, clock(alert.at)),
    lines: [
      texts.firstDetails(address, site === address ? undefined : site, interval),
      timeoutMs === undefined ? undefined : texts.willTellAfter(span(timeoutMs)),
      tooShort
        ? texts.shortTimeout(span(timeoutMs), span(intervalMs), settingOf(GOOD_TIMEOUT * intervalMs))
        : undefined,
    ],
    commands: hostCommands(alert, (name) => [{ label: texts.commands.remove, command: `/remove_host ${name}` }]),
  }
}

/** An error or a warning: it reports, but says so of itself. */
export function trouble(alert: Alert, speech: Speech): Worded {
  const { texts, clock, format, quote } = speech
  const { message, failures = 1 } = alert
  const at = clock(alert.sinceAt ?? alert.at)
  return {
    title: (host) => (alert.kind === 'error' ? texts.errorTitle(host, at) : texts.warningTitle(host, at)),
    lines: [
      message && quote(message),
      failures > 1 ? texts.inARow(format, failures) : undefined,
      speech.note(alert),
      speech.reminder(alert),
    ],
    commands: hostCommands(alert, (name) => [{ label: texts.commands.ack, command: `/ack ${name}` }]),
  }
}

/**
 * A job that ended badly or not at all, a check that says down, or who reports and does not get on.
 * @param raw with the lines of its output as they are
 */
export function failed(alert: Alert, raw: Alert, speech: Speech): Worded {
  const { texts, clock, format, span, quote } = speech
  const { message, failures = 1, exitStatus, why, timeoutMs } = alert
  const output = lastLines(raw.output).filter((line) => line !== message)
  const at = clock(alert.sinceAt ?? alert.at)
  const within = timeoutMs === undefined ? undefined : span(timeoutMs)
  const inTime = why === 'unfinished' || why === 'stuck' ? why : undefined
  return {
    title: (host) => (inTime ? texts.overdueTitle[inTime](host, at) : texts.failedTitle(host, at)),
    lines: [
      inTime && within && texts.overdue[inTime](within),
      exitStatus === undefined ? undefined : texts.exitStatus(exitStatus),
      message && quote(message),
      ...(output.length > 0 ? [texts.wroteLast, ...output] : []),
      failures > 1 ? texts.inARow(format, failures) : undefined,
      speech.note(alert),
    ],
    commands: hostCommands(alert, (name) => [{ label: texts.commands.ack, command: `/ack ${name}` }]),
  }
}

/** Nothing is wrong: somebody wants to hear each of them. */
export function heartbeat(alert: Alert, speech: Speech): Worded {
  const { texts, clock, quote } = speech
  const { type, url, status, version, message, details = [] } = alert
  return {
    title: (host) => texts.heartbeatTitle(host, clock(alert.at)),
    lines: [
      texts.heartbeat({ type, status, version }),
      url,
      message && quote(message),
      ...details.slice(0, MOST_DETAILS),
    ],
  }
}

export function cleared(alert: Alert, speech: Speech): Worded {
  const { texts, span, range, quote } = speech
  const { sinceAt, downMs, untilAt } = spanOf(alert)
  return {
    title: (host) => texts.clearedTitle(host, span(downMs), range(sinceAt, untilAt)),
    lines: [
      alert.why === 'unfinished' ? texts.endedAfterAll : alert.why === 'stuck' ? texts.getsOn : undefined,
      alert.message && texts.itSaid(quote(alert.message)),
    ],
  }
}

export function neverHeard(alert: Alert, speech: Speech): Worded {
  const { texts, clock } = speech
  const likely = speech.names(alert.likely, MOST_NEIGHBOURS)
  const configured = texts.configuredSince(alert.sinceAt === undefined ? undefined : clock(alert.sinceAt))
  return {
    title: texts.neverTitle,
    lines: [joined(configured, likely.count > 0 ? texts.typo(likely) : undefined), speech.note(alert)],
  }
}

export function twoMachines(alert: Alert, speech: Speech): Worded {
  const { texts } = speech
  return { title: texts.twoTitle, lines: [texts.takeTurns(speech.names(alert.addresses)), texts.rename] }
}

/** Of a host, as of a whole site. */
export function unstable(alert: Alert, speech: Speech): Worded {
  const { texts, clock, format, span } = speech
  const { changes, withinMs, sinceAt } = alert
  const times = changes === undefined || withinMs === undefined ? undefined : { format, changes, span: span(withinMs) }
  return {
    title: (host) => texts.unstableTitle(host, times),
    // It is told in place of a silence: that it is silent is what has to be known most.
    lines: [
      sinceAt === undefined ? undefined : texts.silentAgain(clock(sinceAt)),
      texts.quietUntilStable,
      speech.note(alert),
    ],
  }
}

/** Of a host, as of a whole site; the commands are the host's. */
export function stable(alert: Alert, speech: Speech): Worded {
  const { texts, clock } = speech
  const { sinceAt, silentSinceAt } = alert
  const wasUnstable = texts.wasUnstable(sinceAt === undefined ? undefined : clock(sinceAt))
  if (silentSinceAt === undefined) return { title: texts.stableTitle, lines: [wasUnstable] }
  return {
    title: (host) => texts.stableSilentTitle(host, clock(silentSinceAt)),
    lines: [wasUnstable, neighbours(alert, speech), speech.note(alert), speech.reminder(alert)],
    commands: hostCommands(alert, (name) => ackAndSilence(name, speech)),
  }
}

function whySilent(alert: Alert, { texts, clock, span }: Speech): string | undefined {
  const { missedAt, timeoutMs = 0, intervalMs } = alert
  if (missedAt !== undefined) return texts.missedSchedule(clock(missedAt), span(timeoutMs))
  // Who was not looked at for long (we were away, it moved in) has been silent for longer than its timeout.
  const silentMs = alert.at - (alert.sinceAt ?? alert.at)
  const longestMs = silentMs > 2 * timeoutMs ? silentMs : timeoutMs
  if (longestMs <= 0) return undefined
  const timeout = span(longestMs)
  return intervalMs === undefined ? texts.noSignal(timeout) : texts.noSignalOf(timeout, span(intervalMs))
}

function otherRhythm(usual: Usual, { texts, clock, span }: Speech): string | undefined {
  if ('everyMs' in usual) return texts.usuallyEvery(span(usual.everyMs), span(usual.scheduledEveryMs))
  return usual.at === undefined ? undefined : texts.usuallyAt(clock(usual.at), clock(usual.scheduledAt))
}

/** The lines themselves, as facts they would be one. */
function lastLines(output: unknown): string[] {
  if (typeof output !== 'string') return []
  const lines = output.split('\n').map(oneLine)
  return lines.filter((line) => line !== '').slice(-MOST_LINES)
}

/** Whoever else of its site reports speaks against the site, and for the host's own fault. */
function neighbours(alert: Alert, { texts, names }: Speech): string | undefined {
  const reporting = names(alert.reporting, MOST_NEIGHBOURS)
  return reporting.count > 0 ? texts.neighbours(reporting, alert.siteName ?? alert.site) : undefined
}

function whyBack(cause: Cause, alert: Alert, { texts, clock, format }: Speech): string {
  switch (cause.kind) {
    case 'rebooted':
      return texts.rebooted(clock(cause.at ?? alert.at), cause.goodbye)
    case 'slept':
      return texts.slept
    case 'network':
      return texts.networkOnly(format, cause.unsent ?? 0)
    case 'agent':
      return texts.agentStopped
    case 'unknown':
      return texts.causeUnknown
  }
}

/** Signals that were not sent are named with the cause already. */
function whatMissed(alert: Alert, { texts, format }: Speech): string | undefined {
  const { missed = 0, missedAt, intervalMs, cause } = alert
  // A job names no interval of its own: it has a schedule.
  if (missedAt !== undefined || intervalMs === undefined) {
    return missed > 0 ? texts.missedRuns(format, missed) : undefined
  }
  return missed >= MISSED_MATTERS && cause?.kind !== 'network' ? texts.missedSignals(format, missed) : undefined
}

/** As the configuration wants it: `90s`, `3m`. */
function settingOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
}
