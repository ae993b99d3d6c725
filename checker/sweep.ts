/**
 * Has every .host file looked at once in a while, some each second: those of other programs ring no bell, and the gaps
 * between a host's signals show here. Whoever a round looks at anyway so soon after its last signal is left to that: each
 * file is read once in that while.
 */
import type { Agenda } from './agenda.ts'
import type { World } from './core/world.ts'
import type { Hosts } from './hosts.ts'

const EVERY_S = 60
/** While somebody is waited for (after an absence of ours, or when nobody is heard), we want to know soon who is back. */
const HURRIED_S = 5
/** What was overwritten in its place, by hand, leaves its folder as it was; and some file systems, or all in a flood, ring no bell. */
const ASKED_EVERY_MS = 295_000

interface SweepDeps {
  readonly hosts: Hosts
  readonly world: Readonly<World>
  readonly agenda: Pick<Agenda, 'plannedAt'>
}

export interface Swept {
  /** To be looked at whatever their files say, such as those whose registration or report changed. */
  readonly names: Set<string>
  /** Their files may say something new. */
  readonly glances: Set<string>
}

export function nobody(): Swept {
  return { names: new Set(), glances: new Set() }
}

export interface Sweep {
  /** Each second: adds who is to be looked at. @returns whether another turn began */
  beat(swept: Swept, now: number): boolean
  /** What changed may not have been told: in the next turn each is asked. */
  askEveryone(): void
}

export function createSweep({ hosts, world, agenda }: SweepDeps): Sweep {
  let unswept: string[] = []
  let perBeat = 0
  let turnS = EVERY_S
  let edition = -1
  let askedAt = Number.NEGATIVE_INFINITY
  /** In this turn each is asked whether its registration or report changed. */
  let asks = false
  const beat = ({ names, glances }: Swept, now: number) => {
    const begins = unswept.length === 0
    if (begins) {
      hosts.registerConfigured()
      for (const name of hosts.sync()) names.add(name)
      if (hosts.adopt({ atOnce: false })) for (const name of hosts.sync()) names.add(name)
      unswept = [...hosts.all.keys()]
      const hurried = world.monitor.absence ?? world.monitor.unreachable
      turnS = hurried ? HURRIED_S : EVERY_S
      perBeat = Math.ceil(unswept.length / turnS)
      asks = hosts.edition() !== edition || Math.abs(now - askedAt) >= ASKED_EVERY_MS
      if (asks) askedAt = now
      edition = hosts.edition()
    }
    // Whoever is left out when the disk refuses is asked in the next turn.
    const asked = edition
    edition = -1
    for (const name of unswept.splice(-perBeat || unswept.length)) {
      if ((asks || hosts.isUnusable(name)) && hosts.refreshIfChanged(name)) names.add(name)
      const heardAt = world.heard.get(name) ?? Number.NaN
      const lookAt = agenda.plannedAt(name)
      // A moment that has passed was not taken: no server says until when it hears. A signal that is still to come, by
      // another's clock, says nothing of when the file was read.
      const isLeft = heardAt <= now && lookAt >= now && lookAt <= heardAt + turnS * 1000
      if (!isLeft) glances.add(name)
    }
    edition = asked
    return begins
  }

  return {
    beat,
    askEveryone() {
      askedAt = Number.NEGATIVE_INFINITY
    },
  }
}
