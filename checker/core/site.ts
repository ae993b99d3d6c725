/**
 * The outage of a site: its hosts fell together, so one message tells it, and one its end. Pure.
 * It begins with the last signal from anyone there. The first signal after that starts the return: each of its hosts
 * has some time to appear; then one message says who is back, who is not, and what it was.
 */
import type { Silence } from '../../shared/silences.ts'
import type { Draft } from './draft.ts'
import { reappearanceMs } from './due.ts'
import { hostQuiet } from './host.ts'
import { isAcknowledged, type Quiet, quietOf } from './quiet.ts'
import { announce, causeOf, named, tagsOf } from './site-telling.ts'
import type { SiteState } from './state.ts'
import { changedAgain, type Damping, stableAt } from './unstable.ts'
import type { View } from './view.ts'

/** A site with the settings that are in force. */
export interface Site {
  /** As `site:` says it, or the public address that its hosts share. */
  readonly name: string
  /** What people call it, if that differs. */
  readonly title?: string
  /** How long others are waited for; without it the silent host's own timeout, at most two minutes. */
  readonly waitMs?: number
  readonly reminderMs: number
  readonly damping: Damping
  maintenanceUntil(now: number): number | undefined
}

const LONGEST_WAIT_MS = 120_000
const LOOK_AGAIN_MS = 1000
/** A span that is older explains nothing any more: the longest schedule is a year. */
const SPANS_KEPT_MS = 400 * 86_400_000
const MOST_SPANS = 200

/** How long after a host's due the others of its site are waited for. */
export function patienceOf(site: Site | undefined, timeoutMs: number): number {
  return site?.waitMs ?? Math.min(timeoutMs, LONGEST_WAIT_MS)
}

export function newSite(name: string, now: number): SiteState {
  return { name, registeredAt: now, alerts: 0, spans: [] }
}

export interface Around {
  readonly silences: readonly Silence[]
  /** Until when everybody could be heard. */
  readonly hearingUntilAt: number
  /** Whether any other site reports; `undefined`: there is none. */
  othersReport(): boolean | undefined
}

export function siteQuiet(site: Site, state: SiteState, silences: readonly Silence[], now: number): Quiet | undefined {
  const told = quietOf({ ...site, site: site.name, alerted: true }, silences, now)
  if (told) return told
  const endAt = stableAt(state.changedAt, site.damping)
  return state.unstable && endAt > now ? { why: 'unstable', untilAt: endAt } : undefined
}

/**
 * All of them fell together, just now or since they were told one by one.
 * @returns the id of the alert, if it is told
 */
export function openOutage(
  draft: Draft<SiteState>,
  site: Site,
  fallen: readonly View[],
  all: readonly View[],
  sinceAt: number,
  around: Around,
  now: number,
): string | undefined {
  const hosts = fallen.map(({ host }) => host.name)
  const changedAt = changedAgain(draft.state.changedAt, site.damping, now)
  draft.change({ outage: { sinceAt, toldAt: now, hosts }, changedAt })
  return siteQuiet(site, draft.state, around.silences, now)
    ? undefined
    : announce(draft, site, fallen, all, around, now)
}

export interface SiteStep {
  readonly lookAt: number
  /** It is over; those who are still silent go on by themselves, each under an outage of its own. */
  readonly over?: { readonly missing: readonly View[]; readonly told: boolean }
  /** It was no return: who came back fell again with the site. */
  readonly sunk?: readonly View[]
}

/**
 * @param listed the views of its hosts, after what this round found of each
 * @param firstBackAt the first signal from anyone of the site since it fell silent, if there is one
 */
export function stepOutage(
  draft: Draft<SiteState>,
  site: Site,
  listed: readonly View[],
  all: readonly View[],
  firstBackAt: number | undefined,
  around: Around,
  now: number,
): SiteStep {
  const outage = draft.state.outage!
  if (listed.length === 0) {
    // Removed, all of them: an outage goes with its hosts.
    draft.change({ outage: undefined })
    return { lookAt: Number.POSITIVE_INFINITY }
  }
  const missing = listed.filter(({ state }) => state.verdict === 'down')
  const names = new Set(listed.map(({ host }) => host.name))
  const others = all.filter(
    ({ host, state, heardAt, expected }) =>
      expected && state.verdict === 'up' && heardAt > outage.sinceAt && !names.has(host.name),
  )
  // The clock may have been set back since.
  const returnedAt = outage.returnedAt === undefined ? firstBackAt : Math.min(outage.returnedAt, now)
  if (missing.length === 0 || returnedAt !== undefined) {
    const endAt = returnedAt ?? now
    if (endAt !== outage.returnedAt) draft.change({ outage: { ...outage, returnedAt: endAt } })
    return stepReturn(draft, site, { listed, others }, missing, endAt, around, now)
  }

  const quiet = siteQuiet(site, draft.state, around.silences, now)
  if (quiet) {
    if (outage.id !== undefined && !outage.hushed) draft.change({ outage: { ...outage, hushed: true } })
    return { lookAt: quiet.untilAt }
  }
  if (outage.id === undefined) {
    if (announce(draft, site, missing, all, around, now)) {
      return { lookAt: Math.min(now + site.reminderMs, untilStable(draft.state, site)) }
    }
    // Each of them is quiet by itself: the first whose quiet ends makes it worth telling.
    const ends = missing.map(({ host, state }) => hostQuiet(host, state, around.silences, now)?.untilAt ?? now)
    return { lookAt: Math.min(...ends) }
  }
  if (isAcknowledged({ site: site.name }, around.silences, now)) {
    return { lookAt: now + site.reminderMs }
  }
  const remindAt = outage.hushed ? 0 : Math.min(outage.toldAt, now) + site.reminderMs
  if (remindAt > around.hearingUntilAt) return { lookAt: remindAt }
  draft.change({ outage: { ...outage, toldAt: now, hushed: undefined } })
  const told = missing.filter(({ host, state }) => !hostQuiet(host, state, around.silences, now))
  if (told.length > 0) {
    const hosts = told.map(({ host }) => host.name)
    const { sinceAt } = outage
    const othersReport = around.othersReport()
    const facts = { sinceAt, downMs: now - sinceAt, othersReport, nextReminderAt: now + site.reminderMs }
    draft.tell({ kind: 'still-silent', ...named(site), hosts, tags: tagsOf(told), ...facts }, outage.id)
  }
  return { lookAt: now + site.reminderMs }
}

/** @param others of the site who were not part of the outage, and were heard since */
function stepReturn(
  draft: Draft<SiteState>,
  site: Site,
  { listed, others }: { readonly listed: readonly View[]; readonly others: readonly View[] },
  missing: readonly View[],
  returnedAt: number,
  around: Around,
  now: number,
): SiteStep {
  const at = around.hearingUntilAt
  const { sinceAt } = draft.state.outage!
  const windows = missing.map(({ host: { rhythm } }) =>
    Math.min(patienceOf(site, rhythm.timeoutMs), reappearanceMs(rhythm)),
  )
  const overAt = returnedAt + Math.max(0, ...windows)
  const again = { lookAt: now + LOOK_AGAIN_MS }
  if (missing.length > 0 && at < overAt) return again
  const back = [...listed.filter(({ state }) => state.verdict !== 'down'), ...others]
  if (missing.length > 0 && !back.some((view) => isSteady(view, sinceAt))) {
    // One signal is no return: the link may only have flickered.
    const waits = back.some(({ moments }) => at < moments.lateAt)
    if (waits && at < overAt + LONGEST_WAIT_MS) return again
    if (!waits) {
      draft.change({ outage: { ...draft.state.outage!, returnedAt: undefined } })
      return { ...again, sunk: back }
    }
  }
  return conclude(draft, site, { listed, back, missing }, returnedAt, around, now)
}

/** It gave a second signal since it came back, or was never away for longer than usual. */
function isSteady({ state, heardAt, sight }: View, sinceAt: number): boolean {
  const second = state.sinceAt > sinceAt && heardAt > state.sinceAt
  return second || (sight.beforeAt !== undefined && (sight.returnedAt ?? 0) <= sinceAt)
}

function conclude(
  draft: Draft<SiteState>,
  site: Site,
  { listed, back, missing }: { readonly [K in 'listed' | 'back' | 'missing']: readonly View[] },
  returnedAt: number,
  { silences }: Around,
  now: number,
): SiteStep {
  const outage = draft.state.outage!
  const { id, sinceAt } = outage
  const spans = [...draft.state.spans, { fromAt: sinceAt, toAt: returnedAt }]
  const changedAt = changedAgain(draft.state.changedAt, site.damping, now)
  draft.change({
    outage: undefined,
    spans: spans.filter(({ toAt }) => toAt > now - SPANS_KEPT_MS).slice(-MOST_SPANS),
    changedAt,
  })
  if (id === undefined) return { lookAt: untilStable(draft.state, site), over: { missing, told: false } }
  const told = missing.filter(({ host, state }) => !hostQuiet(host, state, silences, now))
  // Whose silence was announced is named in its end, whatever is quiet by now.
  const shown = back.filter(({ host }) => host.alerted)
  const knew = listed.filter(({ host }) => (outage.named ?? outage.hosts).includes(host.name))
  const concerned = [...new Set([...knew, ...told])]
  draft.tell(
    {
      kind: 'site-recovered',
      ...named(site),
      hosts: concerned.map(({ host }) => host.name),
      tags: tagsOf(concerned),
      sinceAt,
      heardAt: returnedAt,
      downMs: Math.max(0, returnedAt - sinceAt),
      back: shown.map(({ host }) => host.name),
      missing: told.map(({ host }) => host.name),
      siteCause: causeOf(outage),
      note: told.length === 1 ? told[0]!.host.note : undefined,
      nextReminderAt: told.length > 0 ? now + Math.min(...told.map(({ host }) => host.reminderMs)) : undefined,
    },
    id,
  )
  return { lookAt: untilStable(draft.state, site), over: { missing, told: true } }
}

function untilStable({ unstable, changedAt }: SiteState, { damping }: Site): number {
  return unstable ? stableAt(changedAt, damping) : Number.POSITIVE_INFINITY
}
