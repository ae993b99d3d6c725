/** Why a host was away, from what its client said when it came back. Pure. */
import type { Cause } from '../../shared/alert.ts'
import type { HostState } from './state.ts'

/** Who slept for at least this part of its outage was silent because of it. */
const SLEPT_MOST = 0.5

export function causeOf({ account, goodbyeAt }: HostState, downMs: number): Cause {
  if (!account) return { kind: 'unknown' }
  const { at, slept = 0, up, unsent = 0 } = account
  if (account.rebooted) return { kind: 'rebooted', at: at - (up ?? 0) * 1000, goodbye: goodbyeAt !== undefined }
  if (slept * 1000 >= downMs * SLEPT_MOST) return { kind: 'slept' }
  // A new agent knows nothing of what an earlier one failed to send, so this is asked before unsent.
  if (account.agentRestarted) return { kind: 'agent' }
  if (unsent > 0) return { kind: 'network', unsent }
  return { kind: 'unknown' }
}
