/**
 * What the checker has decided and told, of each host, of each site and of the monitor itself. Data only.
 * On disk (`state/hosts/NAME.json`, `state/sites/…`, `state/monitor.json`) times are ISO 8601, here epoch milliseconds.
 * When a host is due, and that a verdict on it is held back, is not among it: that follows from its .host file, the
 * absences and the settings.
 */
import type { AbsenceReason } from '../../shared/absences.ts'
import type { Account } from '../../shared/inbox.ts'

export type Verdict = 'new' | 'up' | 'down'

/** Why the verdict is what it is: the named reason of the last transition. */
export type Reason =
  | 'registered'
  | 'adopted'
  | 'first-signal'
  | 'no-signal'
  | 'missed-schedule'
  | 'site-silent'
  | 'signal'
  | 'removed'

export interface Outage {
  /** The id of the alert that told it; none while it is not told (quiet.ts), or told as its site's. */
  readonly id?: string
  readonly sinceAt: number
  /** When the last alert or reminder of it was decided. */
  readonly toldAt: number
  /** It is part of this site's outage: that one's reminders and end speak for it. */
  readonly site?: string
  /** It was told, then kept quiet: when the quiet ends and it still lasts, that is told. */
  readonly hushed?: true
}

/** Something goes and comes too often: its changes are not told until it keeps still. */
export interface Unstable {
  readonly id: string
  readonly sinceAt: number
  /** Of a site: those whom its alert named. */
  readonly named?: readonly string[]
}

/** What a host says of itself, where that is no good. */
export interface Trouble {
  /** The id of the alert that told it. */
  readonly id?: string
  readonly kind: 'error' | 'warning' | 'failed'
  /** The worst that was told of it, by which alert, and when. */
  readonly told?: Trouble['kind']
  readonly alert?: string
  readonly toldAt?: number
  /** It did not say so itself: a run did not end in time, or it reports and does not get on. */
  readonly cause?: 'unfinished' | 'stuck'
  /** unfinished: when the first and the last of the runs that did not end had begun */
  readonly hungSinceAt?: number
  readonly hungAt?: number
  /** What it says of itself beside that; it stands when the cause is over. */
  readonly said?: Pick<Trouble, 'kind' | 'message' | 'exitStatus' | 'output'>
  readonly sinceAt: number
  readonly message?: string
  readonly exitStatus?: number
  /** The last lines of the job. */
  readonly output?: string
  /** How many times in a row it said so. */
  readonly failures: number
  /** How many good signals came since, in a row; `goodAt` is the last of them. */
  readonly good: number
  readonly goodAt?: number
}

/** A run of a job that has begun and not ended. */
export interface Run {
  readonly id?: string
  /** The first start since which none has ended: a job that dies each time would begin anew for ever. */
  readonly startedAt: number
  /** The last of several starts. */
  readonly latestAt?: number
}

/** When a run was begun last. */
export function latestStart({ startedAt, latestAt = startedAt }: Run): number {
  return latestAt
}

export interface HostState {
  readonly name: string
  readonly registeredAt: number
  readonly verdict: Verdict
  readonly reason: Reason
  /** When this verdict began: for silence the last signal. */
  readonly sinceAt: number
  /** The heard time that the verdict rests on. While a host is up the .host file tells, and this may be older. */
  readonly heardAt?: number
  /** A heard time in the future (the clock was set back since) counts as heard when it was first noticed. */
  readonly noticed?: { readonly heardAt: number; readonly at: number }
  /** The time between its last two signals, where nothing better is known of its rhythm. */
  readonly gapMs?: number
  /** How many alerts were made of this host: the number of the last one. */
  readonly alerts: number
  readonly outage?: Outage
  /** Silent, and allowed to be: it sleeps, or said goodbye where that is expected. */
  readonly away?: true
  /** Silent before, and heard again, but not often enough yet (`recoverAfter`). */
  readonly returning?: { readonly count: number; readonly sinceAt: number; readonly heardAt: number }
  /** It said that it was being stopped. */
  readonly goodbyeAt?: number
  /** What it said of its own outage, until the outage ends. */
  readonly account?: Account & { readonly at: number }
  /** When its machine last started, as far as it said. */
  readonly rebootedAt?: number
  readonly trouble?: Trouble
  readonly run?: Run
  /** Of a job: when it was heard last, a few times, the newest last. */
  readonly recentAt?: readonly number[]
  /** Its last changes between silent and heard, as far as they can still matter (unstable.ts). */
  readonly changedAt?: readonly number[]
  readonly unstable?: Unstable
  /** The alert that told that it was never heard. */
  readonly neverHeardId?: string
  /** The starts of machines that reported under this name, the newest last. */
  readonly boots?: readonly { readonly boot: string; readonly address?: string }[]
  /** The alert that told that two machines share this name. */
  readonly twoMachinesId?: string
}

/** A host that came back from its site's outage, and what it says of itself. */
export interface Returned {
  readonly name: string
  readonly rebootedAt?: number
  readonly stayedUp?: true
}

export interface SiteOutage extends Omit<Outage, 'site'> {
  /** Everyone who is part of it, told with it or joined later. */
  readonly hosts: readonly string[]
  /** Those of them whom its alert named: who heard of the beginning hears of the end. */
  readonly named?: readonly string[]
  /** When the first of them was heard again. */
  readonly returnedAt?: number
  readonly returned?: readonly Returned[]
}

/** A time in which nothing could be heard of somebody. */
export interface DeafSpan {
  readonly fromAt: number
  readonly toAt: number
}

export interface SiteState {
  /** As `site:` says it, or the public address that its hosts share. */
  readonly name: string
  /** The first time that there was something to keep of it; part of its alerts' ids. */
  readonly registeredAt: number
  readonly alerts: number
  readonly outage?: SiteOutage
  /** Its outages that are over: a job that fell into one is not missed. */
  readonly spans: readonly DeafSpan[]
  readonly changedAt?: readonly number[]
  readonly unstable?: Unstable
}

export interface ProcessDown {
  readonly id: string
  readonly sinceAt: number
  /** The pulse that was the last one then. */
  readonly pulseAt?: number
}

export interface MonitorState {
  /** The first start on this data folder; part of the ids of the monitor's own alerts. */
  readonly registeredAt: number
  readonly alerts: number
  readonly serverDown?: ProcessDown
  readonly botDown?: ProcessDown
  /** An absence of our own that is still to be told, when it is known how it ended. */
  readonly absence?: {
    readonly fromAt: number
    readonly toAt: number
    /** Of that time, when there were several. */
    readonly lostMs?: number
    readonly why: AbsenceReason
    /** Of the process-down that it ends. */
    readonly outage?: string
  }
  /** The end of the last absence that was told or was too short to tell. */
  readonly absencesSeenUntilAt: number
  /** When this checker last began to look after a time in which it did not. */
  readonly lookingAgainAt?: number
  /** Nobody is heard at all, and it is told. */
  readonly unreachable?: { readonly id: string; readonly sinceAt: number; readonly toldAt: number }
  /** Times in which nothing reached us, that are over. */
  readonly spans?: readonly DeafSpan[]
}
