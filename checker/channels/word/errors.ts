/** What is told of an error that an application reports: of the group that it belongs to. */
import type { Alert } from '../../../shared/alert.ts'
import type { ErrorAge, ErrorNoun } from '../../../shared/i18n/en/errors.ts'
import { joined, type Speech, spanOf, type Worded } from './speech.ts'

/** By then it is no news any more. */
const NEW_FOR_MS = 86_400_000
/** Where errors matter most, and come from unless something else is said. */
const USUAL_ENVIRONMENT = 'production'

export function reported(alert: Alert, speech: Speech): Worded {
  const { errors, format, clock, span } = speech
  const { count = 1, spanMs = 0, errorType, message, place, calledBy, environment, nextCount, quietUntilAt } = alert
  const { sinceAt } = spanOf(alert)
  const age = ageOf(alert)
  const what = [errorType, message].filter(Boolean).join(': ')
  return {
    title: (project) =>
      errors.title(format, {
        project,
        noun: nounOf(alert),
        age,
        count,
        span: span(Math.max(spanMs, 1000)),
        at: clock(sinceAt),
      }),
    lines: [
      what,
      place && (calledBy === undefined ? place : errors.calledBy(place, calledBy)),
      alert.crash ? errors.crash : undefined,
      environment === undefined || environment === USUAL_ENVIRONMENT ? undefined : errors.environment(environment),
      since(alert, age, speech),
      nextCount === undefined ? undefined : errors.nextAt(nextCount),
      quietUntilAt === undefined ? undefined : errors.tooMany(alert.hosts[0] ?? '?', clock(quietUntilAt)),
    ],
  }
}

function ageOf(alert: Alert): ErrorAge {
  if (alert.at - spanOf(alert).sinceAt > NEW_FOR_MS) return 'old'
  return alert.isBack ? 'back' : 'new'
}

function nounOf({ level }: Alert): ErrorNoun {
  if (level === 'warning') return 'warning'
  return level === 'info' || level === 'debug' ? 'message' : 'error'
}

/** Of one alone the title says when. */
function since(alert: Alert, age: ErrorAge, { errors, clock, span }: Speech): string | undefined {
  const { count = 1, release, releaseAt, resolvedAt } = alert
  const { sinceAt } = spanOf(alert)
  const at = count > 1 ? clock(sinceAt) : undefined
  const after = release === undefined || releaseAt === undefined ? undefined : span(sinceAt - releaseAt)
  if (resolvedAt === undefined) return errors.first({ at, release, after, isNew: age === 'new' })
  return joined(errors.backSince(clock(resolvedAt), at), errors.first({ release, after, isNew: false }))
}
