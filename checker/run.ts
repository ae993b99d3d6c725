/**
 * The shell of the checker: reads what changed → step (core) → commits the round → acts. Everything it decides on is
 * on disk, so that a death at any line repeats an effect at worst. It must not decide anything itself.
 */
import { join, relative } from 'node:path'
import { absenceReader } from '../shared/absences.ts'
import type { Alert } from '../shared/alert.ts'
import type { Clock } from '../shared/clock.ts'
import type { Config } from '../shared/config/load.ts'
import { readIfThere } from '../shared/files.ts'
import { hostFileName } from '../shared/host-file.ts'
import { readInbox } from '../shared/inbox.ts'
import { type Log, reasonOf } from '../shared/log.ts'
import { everySecond, readPulse, writePulse } from '../shared/pulse.ts'
import { readSilences } from '../shared/silences.ts'
import { Agenda } from './agenda.ts'
import { createAsking } from './asking.ts'
import { step } from './core/step.ts'
import { apply, newWorld, notWell, type Round, sitesInTrouble, type World } from './core/world.ts'
import { createErrors } from './errors/index.ts'
import { createHosts } from './hosts.ts'
import type { Journal } from './journal.ts'
import { encode } from './json.ts'
import { lettersOf } from './letters.ts'
import { type Letter, letterFile, type Outbox } from './outbox.ts'
import { createReadings } from './readings.ts'
import { resolveSite } from './resolve.ts'
import { createRetention } from './retention.ts'
import { commitOf, MONITOR_FILE, readHostStates, readMonitorState, readSiteStates } from './store.ts'
import { createSweep, nobody, type Swept } from './sweep.ts'
import { createTrouble } from './trouble.ts'
import { type Bell, hangBell, type Rung } from './watch.ts'
import { createWatchdog, getStatus, whatIsWrong } from './watchdog.ts'

export interface CheckerDeps {
  readonly config: Config
  readonly clock: Clock
  readonly journal: Journal
  readonly outbox: Outbox
  readonly log: Log
  /** Tells people directly: what the outbox cannot take, because the disk is the trouble. */
  tellDirectly(alert: Alert): Promise<void>
  /** Whether this box reaches the world; `undefined`: there is no way to tell. */
  probe(signal: AbortSignal): Promise<boolean | undefined>
}

/** A beat that comes this late was not late: we slept, or were stopped. */
const BEAT_LOST_MS = 5000
const LATER_MS = 300
/** Who starts again sooner has only stumbled: what it waited for then goes on. */
const AWAY_MS = 10_000
/** Who is silent, then their sites, then all sites: each may ask for more to be read. */
const MOST_LOOKS = 4
/** Watching a file costs memory; whoever is silent beyond these is found by the sweep. */
const MOST_WATCHED = 2000
/** A beat takes in so many, in a tenth of a second. */
const MOST_REPORTS = 1000

export async function startChecker(deps: CheckerDeps): Promise<{ stop(): Promise<void> }> {
  const { config, clock, journal, outbox, log } = deps
  const { paths } = config
  const now = () => clock.now()
  const world: World = newWorld({
    hosts: readHostStates(paths, now()),
    sites: readSiteStates(paths),
    monitor: readMonitorState(paths, now()),
  })
  const pulseBeforeAt = readPulse(paths, 'checker') ?? 0
  const wasAway = Math.abs(now() - pulseBeforeAt) > AWAY_MS
  if (wasAway) world.monitor = { ...world.monitor, lookingAgainAt: now() }
  const hosts = createHosts(config, now, (name) => world.hosts.get(name), log)
  const agenda = new Agenda()
  const watched = new Set<string>()
  const absences = absenceReader(paths, 'server', now)
  const rung = new Set<string>()
  const registered = new Set<string>()
  const reported = new Set<string>()
  let registryRang = false
  let silences = readSilences(paths, now())
  let silencesRang = false
  let stopped = false
  let monitorKept = false
  let soon: NodeJS.Immediate | undefined
  let bell: Bell | undefined
  let errorsPause: NodeJS.Timeout | undefined
  let lookingSinceAt = now()
  let lastBeatAt = now()
  const trouble = createTrouble(deps)
  const asking = createAsking(deps.probe, now, () => ring({}), log)
  const errors = createErrors({ config, now, journal, outbox, hosts, silences: () => silences, log })
  const forgetOld = createRetention(paths, config.defaults.historyFor, (commit) =>
    journal.commit(commit, { synced: false }),
  )
  const botRuns = config.bot.token !== undefined
  const health = { paths, botRuns, now, inTrouble: trouble.lasts, oldestWaitingMs: () => outbox.oldestWaitingMs() }
  const watchdog = createWatchdog({
    urls: config.watchdog,
    unwell: () => whatIsWrong(health),
    get: getStatus,
    monotonic: () => clock.monotonic(),
    random: Math.random,
    log,
  })

  const fileOf = (name: string) => `${paths.hosts}/${hostFileName(name)}`
  const read = createReadings({
    fileOf,
    hosts,
    world,
    monotonic: () => clock.monotonic(),
    later: (name) => {
      agenda.plan(name, now())
      // Whoever writes it may hold it at each whole second.
      setTimeout(ring, LATER_MS, { host: name }).unref()
    },
  })

  const sweep = createSweep({ hosts, world, agenda })

  /** One round. @throws when the disk would not take it: then nothing happened, and `names` are still to be looked at */
  function round({ names, glances }: Swept): void {
    const pulseAt = readPulse(paths, 'server')
    // After the pulse: an absence stands on disk before the pulse that follows it.
    const known = absences()
    for (const name of agenda.takeUntil(pulseAt ?? 0)) names.add(name)
    for (const name of rung) names.add(name)
    rung.clear()

    const readings = new Map<string, number>()
    read(names, readings, { pulseAt, absences: known }, glances)
    // After the .host files: whoever sees a new time finds the event that explains it.
    const inbox = readInbox(paths).filter(({ file }) => !journal.isRemoved(relative(paths.root, file)))
    const events = inbox.flatMap(({ events }) => events)
    for (const { host } of events) hosts.refresh(host)

    const at = now()
    const decide = () =>
      step(
        world,
        {
          hosts: hosts.all,
          site: (name) => resolveSite(config, name),
          look: names,
          readings,
          events,
          silences,
          pulseAt,
          botPulseAt: botRuns ? readPulse(paths, 'bot') : undefined,
          absences: known,
          monitor: config.name,
          reminderMs: config.defaults.reminder,
          lookingSinceAt,
          ...asking.known(),
        },
        at,
      )
    let result = decide()
    for (let looks = 1; result.wanted.size > 0 && looks < MOST_LOOKS; looks++) {
      const wanted = new Set(result.wanted)
      read(wanted, readings, { pulseAt, absences: known })
      for (const name of wanted) names.add(name)
      result = decide()
    }
    const handled = inbox.map(({ file }) => relative(paths.root, file))
    const letters = commitRound(result, handled, at)
    apply(world, result)
    outbox.enqueue(letters)
    act(result)
  }

  function commitRound(result: Round, handled: string[], at: number): Letter[] {
    const { write, append, remove } = commitOf(result)
    const letters = lettersOf(result.alerts, config, at)
    for (const letter of letters) write.set(letterFile(letter), encode(letter))
    remove.push(...handled)
    if (write.size + append.length + remove.length > 0) journal.commit({ write, append, remove }, { synced: true })
    return letters
  }

  function act({ hosts: changed, lookAt, alerts, history, probe }: Round): void {
    for (const [name, at] of lookAt) agenda.plan(name, at)
    for (const [name, state] of changed) {
      if (!state) agenda.drop(name)
      attend(name, state?.verdict === 'down')
    }
    for (const { host, line } of history)
      log.info({ host, reason: line.reason }, `${host}: ${line.verdict} (${line.reason})`)
    for (const { kind, id } of alerts) log.debug({ alert: id }, kind)
    if (probe) asking.ask()
  }

  function attend(name: string, silent: boolean): void {
    if (silent === watched.has(name) || (silent && watched.size >= MOST_WATCHED)) return
    if (silent) {
      if (!bell?.listenFor(fileOf(name))) return
      watched.add(name)
      // It may have come back before the bell hung.
      rung.add(name)
    } else {
      watched.delete(name)
      bell?.ignore(fileOf(name))
    }
  }

  function beat(): void {
    const at = now()
    const swept = nobody()
    // After the clock was set back, what was heard lies in the future: noticed now, it counts from now.
    if (at < lastBeatAt - 1000)
      for (const name of [...hosts.all.keys(), ...sitesInTrouble(world)]) swept.names.add(name)
    const well = guarded(swept, () => {
      writePulse(paths, 'checker', at)
      journal.retry()
      if (!monitorKept) keepMonitorState()
      if (sweep.beat(swept, at)) silencesRang = true
      hearReports(swept.names)
      forgetOld(at)
      errors.tend(at)
      journal.tend(at)
    })
    lastBeatAt = at
    if (well) trouble.over()
    outbox.retry()
    watchdog.beat()
  }

  /** A round that may fail: what it was to look at is looked at again a second later. */
  function guarded(swept = nobody(), before: () => void = () => {}): boolean {
    const { names } = swept
    const at = now()
    // We slept, or the clock was set: only what we saw ourselves counts against the server.
    // So is a disk that refused: who could not write their pulses there are not down.
    if (at < lastBeatAt - 1000 || at - lastBeatAt > BEAT_LOST_MS || trouble.lasts()) lookingSinceAt = at
    if (at - lastBeatAt > AWAY_MS) world.monitor = { ...world.monitor, lookingAgainAt: at }
    try {
      before()
      if (registryRang) for (const name of hosts.sync()) names.add(name)
      registryRang = false
      for (const name of registered) {
        hosts.hearOf(name)
        names.add(name)
        registered.delete(name)
      }
      if (silencesRang) for (const name of hearSilences()) names.add(name)
      round(swept)
      // After silence, which is more urgent.
      hearErrors()
      return true
    } catch (error) {
      for (const name of names) agenda.plan(name, 0)
      trouble.met(error)
      return false
    }
  }

  /** Of a flood a part. */
  function hearReports(names: Set<string>): void {
    if (reported.size > MOST_REPORTS) {
      // So many may have filled the kernel's queue of what changed, in which any bell may be lost.
      sweep.askEveryone()
      for (const name of watched) rung.add(name)
    }
    let taken = 0
    for (const name of reported) {
      if (taken++ === MOST_REPORTS) break
      reported.delete(name)
      names.add(name)
      hosts.refresh(name)
    }
  }

  /** Of a flood a part, then as long a pause: what is to be sent of silence has its turns in between. */
  function hearErrors(): void {
    if (errorsPause) return
    const beganMs = clock.monotonic()
    const more = errors.round()
    if (!more) return
    errorsPause = setTimeout(() => {
      errorsPause = undefined
      ring({ errors: true })
    }, clock.monotonic() - beganMs).unref()
  }

  /** @returns whom it may concern: everyone who is not well, or not known yet */
  function hearSilences(): string[] {
    const before = silences.map(({ id }) => id).join()
    silences = readSilences(paths, now())
    silencesRang = false
    if (silences.map(({ id }) => id).join() === before) return []
    return notWell(world)
  }

  /** What we were away for is told from the first start on: so that moment is kept, alert or not. */
  function keepMonitorState(): void {
    if (wasAway || readIfThere(join(paths.root, MONITOR_FILE)) === undefined) {
      journal.commit({ write: new Map([[MONITOR_FILE, encode(world.monitor)]]) }, { synced: true })
    }
    monitorKept = true
  }

  function ring({ host, registry, registered: name, reported: whose, silences: quiet }: Rung): void {
    if (stopped) return
    if (whose !== undefined) {
      reported.add(whose)
      return
    }
    if (host !== undefined) rung.add(host)
    if (name !== undefined) registered.add(name)
    else registryRang ||= registry === true
    silencesRang ||= quiet === true
    soon ??= setImmediate(() => {
      soon = undefined
      guarded()
    })
  }

  // First: what a round tells from now on is put in line by the round itself, and must not be taken up twice.
  outbox.load()
  bell = await hangBell(paths, ring, log)
  const everyone = new Set([...world.hosts.keys(), ...sitesInTrouble(world)])
  guarded({ ...nobody(), names: everyone }, () => {
    keepMonitorState()
    // First, so that those below pass over who is registered: to make sure of ten thousand again takes seconds.
    hosts.load()
    const configured = hosts.registerConfigured()
    if (hosts.adopt({ atOnce: true }) || configured) hosts.sync()
    for (const name of hosts.all.keys()) everyone.add(name)
  })
  for (const [name, { verdict }] of world.hosts) if (verdict === 'down') attend(name, true)
  const stopBeating = everySecond(now, beat)
  log.info(
    `watching over ${hosts.all.size} hosts in ${paths.hosts}, telling ${[...config.channels.keys()].join(', ') || 'nobody: no channels'}`,
  )

  return {
    async stop() {
      stopped = true
      stopBeating()
      watchdog.stop()
      asking.stop()
      if (soon) clearImmediate(soon)
      clearTimeout(errorsPause)
      await bell?.close()
      await outbox.stop()
      try {
        journal.checkpoint(now())
      } catch (error) {
        log.warn(`the journal stays for the next start: ${reasonOf(error)}`)
      }
    },
  }
}
