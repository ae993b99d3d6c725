/**
 * Words an alert for people, when it is sent: in the language and time zone of the channel.
 * First line: what a lock screen shows. Lines without content vanish. What a kind says: word/{host,site,monitor}.ts.
 */
import type { Alert } from '../../shared/alert.ts'
import type { Language } from '../../shared/config/values.ts'
import type { Message } from './channel.ts'
import { fit, withoutMark } from './word/fit.ts'
import { foldedLines } from './word/fold.ts'
import { inWords } from './word/kinds.ts'
import { createSpeech } from './word/speech.ts'

const TITLE_LENGTH = 50

export interface Wording {
  /** @param now when it is sent: what is not of this day gets its date */
  word(alert: Alert, now: number): Message
  /** One message that sums up several, in the order in which they arose; one at least. */
  fold(alerts: readonly Alert[], now: number): Message
}

export function createWording(language: Language, timezone: string): Wording {
  const speechAt = createSpeech(language, timezone)

  function word(alert: Alert, now: number): Message {
    const speech = speechAt(now)
    const worded = inWords(alert, speech, now)
    const { line: title, name, dropped } = fit(worded.title, worded.subject ?? '', TITLE_LENGTH)
    const leftOut = [name && speech.texts.fullName(name), dropped].filter((line) => line !== undefined)
    const lines = worded.lines.filter((line): line is string => line !== undefined && line !== '')
    return {
      alert,
      title,
      reason: worded.reason ?? lines[0] ?? withoutMark(title),
      text: [title, ...leftOut, ...lines].join('\n'),
      commands: worded.commands ?? [],
    }
  }

  function fold(alerts: readonly Alert[], now: number): Message {
    const alert = alerts.at(-1)!
    // The newest of one outage says all that the others said, and how it is now.
    if (alerts.every(({ outage }) => outage === alert.outage)) return { ...word(alert, now), folded: alerts }
    const { head, tail, lines } = foldedLines(alerts, speechAt(now), now)
    const { line: title } = fit(() => [head, tail], '', TITLE_LENGTH)
    return {
      alert,
      folded: alerts,
      title,
      reason: withoutMark(title),
      text: [title, ...lines].join('\n'),
      commands: [],
    }
  }

  return { word, fold }
}
