/**
 * What a host says of itself, beside whether it is heard: trouble, in errors and warnings; what it knows of its own
 * outage; and that it is two machines. Pure.
 */
import type { InboxEvent } from '../../shared/inbox.ts'
import type { Draft } from './draft.ts'
import type { Host } from './host.ts'
import type { HostState, Trouble } from './state.ts'

/** How many starts are remembered: two machines take turns between two of them. */
const BOOTS = 4

/** @param quiet nothing is to be told of the host now */
export function absorb(draft: Draft<HostState>, host: Host, event: InboxEvent, quiet: boolean): void {
  const at = Date.parse(event.at)
  if (event.kind === 'goodbye') draft.change({ goodbyeAt: at })
  if (event.kind === 'status') hearStatus(draft, host, event, at, quiet)
  if (event.kind !== 'account') return
  if (draft.state.verdict === 'down') draft.change({ account: { ...event.account, at } })
  if (!event.account.rebooted) return
  draft.change({ rebootedAt: at - (event.account.up ?? 0) * 1000 })
  noteBoot(draft, host, event, quiet)
}

function hearStatus(
  draft: Draft<HostState>,
  host: Host,
  { status, message }: Extract<InboxEvent, { kind: 'status' }>,
  at: number,
  quiet: boolean,
): void {
  const before = draft.state.trouble
  if (status === 'ok') {
    if (before) hearGood(draft, host, { ...before, good: 1, goodAt: secondOf(at) }, at)
    return
  }
  const failures = (before && before.good === 0 ? before.failures : 0) + 1
  const trouble: Trouble = { id: before?.id, sinceAt: before?.sinceAt ?? at, kind: status, message, failures, good: 0 }
  draft.change({ trouble })
  const worse = before?.id !== undefined && before.kind === 'warning' && status === 'error'
  if (!quiet && (before?.id === undefined || worse)) tellTrouble(draft, host)
}

/** Tells it, if it failed often enough. */
export function tellTrouble(draft: Draft<HostState>, host: Host): void {
  const { trouble } = draft.state
  if (!trouble || trouble.failures < host.failuresBefore) return
  const { id: outage, kind, message, sinceAt, failures } = trouble
  const { site, siteName, note } = host
  const id = draft.tell({ kind, site, siteName, note, message, sinceAt, failures }, outage)
  draft.change({ trouble: { ...trouble, id: outage ?? id } })
}

/** A plain signal of a host that was in trouble: after enough of them that is over. */
export function countGood(draft: Draft<HostState>, host: Host, heardAt: number, now: number): void {
  const { trouble } = draft.state
  if (!trouble || trouble.good === 0 || heardAt <= (trouble.goodAt ?? 0)) return
  hearGood(draft, host, { ...trouble, good: trouble.good + 1, goodAt: heardAt }, now)
}

function hearGood(draft: Draft<HostState>, host: Host, trouble: Trouble, at: number): void {
  if (trouble.good < host.recoverAfter) {
    draft.change({ trouble })
    return
  }
  draft.change({ trouble: undefined })
  const { id, sinceAt, message } = trouble
  if (id === undefined) return
  const { site, siteName } = host
  draft.tell({ kind: 'cleared', site, siteName, message, sinceAt, downMs: Math.max(0, at - sinceAt) }, id)
}

/** A machine that restarts never comes back to an earlier start: whoever does is another machine. */
function noteBoot(
  draft: Draft<HostState>,
  host: Host,
  { account }: Extract<InboxEvent, { kind: 'account' }>,
  quiet: boolean,
): void {
  const { boot, address, bootBefore, addressBefore } = account
  if (boot === undefined || bootBefore === undefined) return
  const known = draft.state.boots ?? [{ boot: bootBefore, address: addressBefore }]
  const last = known.at(-1)
  const earlier = known.find((start) => start.boot === boot)
  const boots = [...known.filter((start) => start.boot !== boot), { boot, address }].slice(-BOOTS)
  draft.change({ boots })
  if (!earlier || earlier === last || draft.state.twoMachinesId !== undefined || quiet) return
  const addresses = [...new Set([last?.address, address].filter((found) => found !== undefined))]
  const { site, siteName } = host
  draft.change({ twoMachinesId: draft.tell({ kind: 'two-machines', site, siteName, addresses }) })
}

function secondOf(at: number): number {
  return Math.floor(at / 1000) * 1000
}
