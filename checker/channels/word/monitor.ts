/** What the monitor tells of itself. */
import type { Alert } from '../../../shared/alert.ts'
import { joined, type Speech, spanOf, type Worded } from './speech.ts'

export function processDown(alert: Alert, { texts, clock }: Speech): Worded {
  const since = clock(spanOf(alert).sinceAt)
  const { process = '?' } = alert
  if (process === 'checker' && alert.why === 'disk') {
    return { title: () => texts.diskTitle(since), lines: [texts.disk, alert.detail] }
  }
  const known = process === 'server' || process === 'bot' ? texts.processDown[process] : undefined
  return {
    subject: process,
    title: (name) => texts.processDownTitle(name, since),
    lines: [process === 'checker' ? texts.roundsFail : known, alert.detail],
  }
}

export function processUp(alert: Alert, { texts, span }: Speech): Worded {
  const lasted = span(spanOf(alert).downMs)
  // It ran all the time.
  if (alert.process === 'checker' && alert.why === 'disk') {
    return { title: () => texts.diskAgainTitle(lasted), lines: [texts.diskAgain] }
  }
  return {
    subject: alert.process ?? '?',
    title: (name) => texts.processUpTitle(name, lasted),
    lines: [alert.process === 'server' ? texts.getTime : undefined],
  }
}

export function wasDown(alert: Alert, speech: Speech): Worded {
  const { texts, span, range } = speech
  const { sinceAt, downMs, untilAt } = spanOf(alert)
  const { why = '' } = alert
  const because = Object.hasOwn(texts.awayBecause, why)
    ? texts.awayBecause[why as keyof typeof texts.awayBecause]
    : undefined
  return {
    title: () => texts.awayTitle(span(downMs), range(sinceAt, untilAt)),
    lines: [joined(because, texts.heldAgainstNoOne), aftermath(alert, speech)],
  }
}

export function nothingReachesMe(alert: Alert, speech: Speech): Worded {
  const { texts, clock } = speech
  const silent = alert.of ?? alert.hosts.length
  return {
    title: () => texts.nothingTitle(clock(spanOf(alert).sinceAt), silent),
    lines: [
      probed(alert, speech) ?? texts.reached.unknown,
      texts.nobodyAccused,
      whoIsSilent(alert, speech),
      speech.reminder(alert),
    ],
  }
}

export function stillNothing(alert: Alert, speech: Speech): Worded {
  const { texts, clock, span } = speech
  const { sinceAt, downMs } = spanOf(alert)
  return {
    title: () => texts.stillNothingTitle(span(downMs), clock(sinceAt)),
    lines: [probed(alert, speech), texts.nobodyAccused, speech.reminder(alert)],
  }
}

export function reachableAgain(alert: Alert, speech: Speech): Worded {
  const { texts, span, range } = speech
  const { sinceAt, downMs, untilAt } = spanOf(alert)
  return {
    title: () => texts.reachableTitle(span(downMs), range(sinceAt, untilAt)),
    lines: [joined(texts.heldAgainstNoOne, texts.getTime), aftermath(alert, speech)],
  }
}

export function trial(alert: Alert, { texts }: Speech): Worded {
  return { subject: alert.monitor, title: texts.testTitle, lines: [texts.test] }
}

function probed({ reached }: Alert, { texts }: Speech): string | undefined {
  return reached === undefined ? undefined : texts.reached[reached ? 'yes' : 'no']
}

function whoIsSilent({ hosts }: Alert, { texts, names }: Speech): string | undefined {
  return hosts.length > 0 ? texts.silentNow(names(hosts).text) : undefined
}

function aftermath(alert: Alert, { texts, names, clock }: Speech): string | undefined {
  const { heard, of = 0, waitingFor = [], waitingUntilAt } = alert
  if (heard === undefined || of === 0) return undefined
  const waits = waitingFor.length > 0 && waitingUntilAt !== undefined
  return joined(
    texts.heardSince(heard, of),
    waits ? texts.waitingFor(names(waitingFor).text, clock(waitingUntilAt)) : undefined,
  )
}
