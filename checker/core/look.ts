/** Looking at one host: what its file and its events say, before anybody judges it; and what becomes of it then. Pure. */
import type { InboxEvent } from '../../shared/inbox.ts'
import { type SilenceKind, silencePath } from '../../shared/silences.ts'
import { stepNew } from './appear.ts'
import { dueAt, momentsOf, withGap } from './due.ts'
import { type Found, type Host, hostQuiet, newHost, type Ruling, waitsFrom } from './host.ts'
import { watchJob } from './job.ts'
import { quietOf } from './quiet.ts'
import { absorb } from './said.ts'
import type { Looked, Scene } from './scene.ts'
import type { HostState } from './state.ts'
import { notice, stepDown, stepUp } from './transitions.ts'
import { see } from './view.ts'

export function lookAtHost(
  scene: Scene,
  host: Host,
  known: HostState | undefined,
  events: readonly InboxEvent[],
): Looked {
  const { world, inputs, now } = scene
  const { name } = host
  const first = events.find(({ kind }) => kind === 'first')
  const believedAt = known && world.heard.get(name)
  const found: Found = {
    // The event of a first signal is on disk before its .host file is.
    heardAt: inputs.readings.get(name) ?? (first && Math.floor(Date.parse(first.at) / 1000) * 1000),
    believedAt,
    absences: scene.absencesOf(host),
  }
  const draft = scene.hostDraft(host, known ?? newHost(host))
  // A file that vanished or is garbled says nothing new: what was heard before stays heard.
  const heardAt = found.heardAt ?? believedAt ?? known?.heardAt
  const met = draft.state.verdict !== 'new'
  const isBack = draft.state.verdict === 'down' && found.heardAt !== undefined && found.heardAt !== known?.heardAt
  const looked: Looked = {
    host,
    draft,
    found,
    heardAt,
    isNew: known === undefined,
    announced: first !== undefined,
    speaking: met && events.length > 0 && !isBack,
  }
  if (met) hear(scene, looked, events)
  if (heardAt === undefined) return looked
  const before = world.sights.get(name)
  const sight = see(before, host, believedAt, heardAt, found.absences, known ? scene.lookingAgainAt : now)
  if (sight !== before) scene.sights.set(name, sight)
  if (draft.state.verdict === 'up') notice(draft, host, found, heardAt, scene)
  return looked
}

function hear({ inputs, now }: Scene, { draft, host }: Looked, events: readonly InboxEvent[]): void {
  for (const event of events) {
    const quiet = hostQuiet(host, draft.state, inputs.silences, now)
    // Who goes and comes, or may be away, is heard all the same when it speaks of trouble.
    absorb(draft, host, event, quiet !== undefined && quiet.why !== 'away' && quiet.why !== 'unstable')
  }
}

export function isSuspect({ at, now }: Scene, { host, draft: { state }, heardAt, found, speaking }: Looked): boolean {
  if (state.verdict !== 'up' || speaking || heardAt === undefined) return false
  return dueAt(withGap(host.rhythm, state.gapMs), waitsFrom(host, state, heardAt, now), found.absences) <= at
}

/** What becomes of a host that was looked at, now that everybody was judged. */
export function becomes(scene: Scene, looked: Looked, ruling: Ruling | undefined, events: readonly InboxEvent[]): void {
  const { host, draft, speaking } = looked
  if (speaking) {
    scene.lookAt.set(host.name, scene.now)
    return
  }
  const wasNew = draft.state.verdict === 'new'
  const lookAt = transition(scene, looked, ruling)
  if (wasNew) hear(scene, looked, events)
  scene.lookAt.set(host.name, Math.min(lookAt, job(scene, looked)))
  // Asked first, for it is asked of everybody, and there are seldom any.
  if (scene.inputs.silences.length > 0 && draft.state.verdict === 'up' && !draft.state.trouble)
    forgetSilences(scene, `host:${host.name}`)
}

/** @returns when to look again for what it does beside reporting */
function job(scene: Scene, { host, draft, found, heardAt = 0 }: Looked): number {
  const { run, trouble } = draft.state
  if (!run && !host.progress && trouble?.cause !== 'stuck') return Number.POSITIVE_INFINITY
  const { inputs, now, at } = scene
  const quiet = quietOf({ ...host, host: host.name }, inputs.silences, now)
  const { absences } = found
  const siteInDoubt = run !== undefined && scene.isInDoubt(host.name)
  return watchJob(draft, host, { hearingUntilAt: at, absences, quiet, siteInDoubt }, heardAt, now)
}

/** @returns when to look again; Infinity: only when something rings */
function transition(scene: Scene, looked: Looked, ruling: Ruling | undefined): number {
  const { host, draft, found, heardAt, isNew, announced } = looked
  const { around, now } = scene
  const { verdict, outage } = draft.state
  if (verdict === 'new') return stepNew(draft, host, found, around, { isNew, announced, now })
  if (heardAt === undefined) return Number.POSITIVE_INFINITY
  if (verdict === 'up') {
    const moments = momentsOf(
      withGap(host.rhythm, draft.state.gapMs),
      waitsFrom(host, draft.state, heardAt, now),
      found.absences,
    )
    // Field by field, for it is made of everybody: a spread whose fields are replaced gives each object a class of its own.
    const { believedAt, absences } = found
    return stepUp(draft, host, { heardAt, believedAt, absences, moments }, ruling, around, now)
  }
  // Its site's state was lost, or garbled: it goes on by itself.
  if (outage?.site !== undefined && !scene.siteState(outage.site)?.outage) {
    draft.change({ outage: { ...outage, site: undefined } })
  }
  // It was told alone, and turns out to be part of something larger.
  if (ruling?.kind === 'site' && outage) draft.change({ outage: { ...outage, site: ruling.site } })
  return stepDown(draft, host, found, around, now)
}

/**
 * Whoever took an outage took this one: the next one is nobody's yet.
 * @param kinds what else has lost its sense, when the target itself is gone
 */
export function forgetSilences(
  { inputs, removed }: Scene,
  target: `host:${string}` | `site:${string}`,
  kinds: readonly SilenceKind[] = ['ack'],
): void {
  for (const silence of inputs.silences) {
    if (silence.target === target && kinds.includes(silence.kind)) removed.push(silencePath(silence.id))
  }
}
