/**
 * An alert: facts, frozen when the checker decides, worded when a channel sends them.
 * What the webhook channel posts has the same names, with ISO times (docs/alerts.md).
 */
import type { ErrorLevel } from './error-event.ts'

export const ALERT_KINDS = [
  'first-signal',
  'silent',
  'still-silent',
  'recovered',
  'site-silent',
  'site-recovered',
  'error',
  'warning',
  'failed',
  'cleared',
  'never-heard',
  'two-machines',
  'heartbeat',
  'unstable',
  'stable',
  'process-down',
  'process-up',
  'monitor-was-down',
  'nothing-reaches-me',
  'reachable-again',
  'test',
] as const

export type AlertKind = (typeof ALERT_KINDS)[number]

const ENDS: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'recovered',
  'site-recovered',
  'cleared',
  'stable',
  'process-up',
  'monitor-was-down',
  'reachable-again',
])

/** Nothing of its outage follows it. */
export function isEnd(kind: AlertKind): boolean {
  return ENDS.has(kind)
}

/** Why a host was away, from what its client said of itself. */
export type Cause =
  | { readonly kind: 'rebooted'; readonly at: number; readonly goodbye: boolean }
  | { readonly kind: 'slept' }
  | { readonly kind: 'network'; readonly unsent: number }
  | { readonly kind: 'agent' }
  | { readonly kind: 'unknown' }

/** Why a site was away, from what those say that came back: their power went, their network, or some of each. */
export interface SiteCause {
  readonly kind: 'power' | 'network' | 'mixed'
  readonly rebooted: readonly string[]
  readonly stayedUp: readonly string[]
  /** When the first of the rebooted started again. */
  readonly rebootedAt?: number
}

/** How a job reports, where that contradicts its schedule: at another time, or more seldom. */
export type Usual =
  | { readonly at: number; readonly scheduledAt: number }
  | { readonly everyMs: number; readonly scheduledEveryMs: number }

/** Times are epoch milliseconds, spans milliseconds. */
export interface Alert {
  /** Never repeats, in all the life of an installation; a repeated delivery carries the same one. */
  readonly id: string
  /** The id of the alert that opened the outage: what its reminders and its end share. */
  readonly outage: string
  readonly kind: AlertKind
  /** Whom it concerns; of a site's alert all whom it lists; none: the monitor itself. */
  readonly hosts: readonly string[]
  /** As `site:` says it, or the public address that its hosts share. */
  readonly site?: string
  /** What people call it: `sites.SITE.name`, if there is one. */
  readonly siteName?: string
  readonly tags: readonly string[]
  /** The name of the monitor that speaks. */
  readonly monitor: string
  readonly at: number
  readonly sinceAt?: number
  /** The last signal. */
  readonly heardAt?: number
  readonly note?: string
  /** Why the host was thought silent: its timeout, or the schedule it missed. */
  readonly timeoutMs?: number
  readonly missedAt?: number
  readonly intervalMs?: number
  readonly nextReminderAt?: number
  /** The host said that it was being stopped. */
  readonly goodbyeAt?: number
  /** silent: it was allowed to be away for so long, and that is over */
  readonly expectedAbsenceMs?: number
  /** silent: what it said of itself last, shortly before its last signal */
  readonly lastWords?: string
  readonly lastWordsAt?: number
  /** silent, still-silent, of a host or a site: who else of the site reports */
  readonly reporting?: readonly string[]
  readonly downMs?: number
  readonly cause?: Cause
  /** recovered: how many signals, or runs of a job, did not come */
  readonly missed?: number
  /** recovered after a restart: who of its site was not restarted in that time, so that it was no power cut */
  readonly stayedUp?: readonly string[]
  readonly address?: string
  /** first-signal: its timeout is under twice its own interval, so it will be told silent for no reason */
  readonly shortTimeout?: true
  /** site-silent: the last of them was heard so long after the first */
  readonly spreadMs?: number
  /** site-silent: other sites report, so it is not the monitor's network */
  readonly othersReport?: boolean
  /** site-recovered: who is back, who is not, and under which outage each of those goes on */
  readonly back?: readonly string[]
  readonly missing?: readonly string[]
  readonly outages?: Readonly<Record<string, string>>
  /** site-recovered; posted as `cause` */
  readonly siteCause?: SiteCause
  /** error, warning, failed: what the host says, and how many times in a row */
  readonly message?: string
  readonly failures?: number
  /** failed: of a job that ended so, and the last lines that it wrote */
  readonly exitStatus?: number
  readonly output?: string
  /** heartbeat: what it says of itself */
  readonly type?: string
  readonly url?: string
  /** recovered, too: the trouble that it was in before and still is, error, warning or failed, with its `message` */
  readonly status?: string
  readonly version?: string
  readonly details?: readonly string[]
  /** silent: its signals come in another rhythm than its schedule says */
  readonly usual?: Usual
  /** never-heard: who reports though nobody named them, the likeliest typo first */
  readonly likely?: readonly string[]
  /** two-machines: where they report from */
  readonly addresses?: readonly string[]
  /** unstable: it went and came so often within this span */
  readonly changes?: number
  readonly withinMs?: number
  /** stable: silent, and since when; it reports otherwise */
  readonly silentSinceAt?: number
  /** nothing-reaches-me: whether we reach others; `undefined`: it could not be tried */
  readonly reached?: boolean
  /** process-down, process-up */
  readonly process?: string
  /**
   * monitor-was-down: the reason of the absence; process-down of the checker: `disk`, if that is it; failed, cleared:
   * `unfinished` (a run did not end within `timeoutMs`), `stuck` (no progress for `timeoutMs`)
   */
  readonly why?: string
  /** What went wrong, in the system's words. */
  readonly detail?: string
  /** monitor-was-down: how many of the hosts that reported before were heard again, and who was not yet */
  readonly heard?: number
  readonly of?: number
  readonly waitingFor?: readonly string[]
  readonly waitingUntilAt?: number
  /** error, of an application (its `message` above): the group that it belongs to, what it is and where it was raised */
  readonly group?: string
  readonly errorType?: string
  readonly place?: string
  readonly calledBy?: string
  readonly level?: ErrorLevel
  /** Nothing caught it. */
  readonly crash?: true
  readonly environment?: string
  /** How many since `sinceAt`, within which span, and at how many it is told again. */
  readonly count?: number
  readonly spanMs?: number
  readonly nextCount?: number
  /** Of the first of them; `releaseAt`: when it was first met, if shortly before. */
  readonly release?: string
  readonly releaseAt?: number
  /** Somebody had resolved it, then. */
  readonly isBack?: boolean
  readonly resolvedAt?: number
  /** Too many different ones: no more of the project is told until then. */
  readonly quietUntilAt?: number
}
