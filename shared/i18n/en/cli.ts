/** What the command line says once it knows the language, in English. The other languages are held to its type. */
import type { Origin } from '../../registry.ts'
import type { Condition } from '../../status.ts'
import type { Format } from '../format.ts'

export interface CliTexts {
  /** After `check-config`. */
  fine(format: Format, file: string, counts: { hosts: number; channels: number }): string
  readonly notRunning: string
  alreadyRuns(pid: number | 'unknown'): string
  alreadyStarted(process: string): string
  started(process: string): string
  stopped(process: string): string
  readonly start: {
    written(files: string): string
    watched(names: string): string
    thisMachine(name: string): string
    readonly nobodyYet: string
    readonly noEndpoint: string
    told(timeout: string, channels: string): string
    readonly noChannel: string
    readonly tryIt: string
    readonly howToStop: string
    ended(process: string): string
    died(process: string, how: string): string
    pm2Ended(code: number): string
    readonly stopping: string
    readonly stopped: string
  }
  readonly connect: {
    paste(file: string): string
    subscribe(link: string, app: string): string
    readonly secret: string
    tryIt(channel: string): string
  }
  readonly uptime: {
    /**
     * `percent` has a decimal point; `longest` is missing when there was no outage, `known` when all of the span is.
     */
    of(format: Format, facts: UptimeFacts): string
    unknown(name: string): string
  }
  readonly host: HostTexts
}

interface HostTexts {
  added(name: string): string
  exists(name: string): string
  sameButForCase(name: string, other: string): string
  edited(name: string): string
  readonly nothingToEdit: string
  /** @param had whether it had one before */
  rotated(name: string, had: boolean): string
  token(token: string): string
  /** Its token stands in the configuration. */
  ownToken(name: string, file: string): string
  /** What was registered has no effect while the configuration says something else. */
  overruled(keys: string, file: string): string
  /** @param rival what the configuration says that they do not go with */
  overruledBy(keys: string, rival: string, file: string): string
  /** Its registration was read, and is none. */
  garbled(name: string, file: string): string
  /** The system refuses to read it. @param why a code of the system's */
  unreadable(name: string, file: string, why: string): string
  /** A garbled registration was replaced. */
  registeredAnew(name: string): string
  busy(lock: Lock): string
  rotatedMeanwhile(name: string): string
  readonly paste: string
  /** @param at an address that other machines may not reach */
  nearby(at: string): string
  pingKey(key: string, url: string): string
  readonly pingKeyKnown: string
  emptyOption(option: string): string
  readonly badges: string
  readonly allHosts: string
  readonly none: string
  /** Name, type, state, last signal, what is expected, origin. */
  readonly columns: readonly string[]
  readonly states: Readonly<Record<Condition['kind'], string>>
  ago(span: string): string
  lastSignal(clock: string): string
  expected(facts: Expected): string
  /** Instead: its registration, which may say so, cannot be used. */
  readonly rhythmUnknown: string
  knownSince(clock: string, origin: string): string
  readonly origins: Readonly<Record<Exclude<Origin, 'config' | 'project'>, string>> & {
    project(name: string): string
  }
  readonly tokens: Readonly<Record<'registered' | 'configured' | 'none', string>>
  /** Headings above settings. */
  readonly inForce: string
  readonly registered: string
  /** What is registered and makes no sense. */
  ignored(keys: string): string
  /** The configuration gives it a time zone, and nobody a schedule. */
  zoneAlone(name: string, file: string): string
}

/** What keeps hosts from being changed. */
interface Lock {
  readonly file: string
  /** The number of the process that changes them, if it is known. */
  readonly holder: string | undefined
  /** Else nothing but its removal helps. */
  readonly isFile: boolean
}

type Expected =
  | { readonly schedule: string; readonly next?: string; readonly grace: string }
  | { readonly schedule?: undefined; readonly timeout: string; readonly interval?: string }

interface UptimeFacts {
  readonly name: string
  readonly percent: string
  readonly outages: number
  readonly longest?: string
  readonly known?: string
}

export const cli: CliTexts = {
  fine: (format, file, { hosts, channels }) => {
    const host = format.plural(hosts, { one: 'host', other: 'hosts' })
    const channel = format.plural(channels, { one: 'channel', other: 'channels' })
    return `${file}: fine: ${hosts} ${host}, ${channels} ${channel}${channels === 0 ? ' (alerts would reach nobody)' : ''}`
  },
  notRunning: 'Monitora does not run from here: npm start starts it (what supervisor or another PM2 runs, they stop)',
  alreadyRuns: (pid) => `Monitora runs already from here, as process ${pid}: Ctrl-C where it was started ends it`,
  alreadyStarted: (process) => `${process} runs already`,
  started: (process) => `${process} is started`,
  stopped: (process) => `${process} is stopped; ./monitora start ${process} starts it again`,
  start: {
    written: (files) => `Wrote ${files} with fresh credentials, readable by you alone.`,
    watched: (names) => `Watching ${names}. Any other machine appears with its first signal.`,
    thisMachine: (name) => `this machine (${name})`,
    nobodyYet: 'Watching nobody yet: a machine appears with its first signal.',
    noEndpoint: 'This machine does not report itself: endpoint.example.yml shows the endpoint.yml for that.',
    told: (timeout, channels) => `Silence is told after ${timeout}, through ${channels}.`,
    noChannel: 'No channel yet: alerts would reach nobody (channels: in monitora.yml).',
    tryIt: 'To see it, in another terminal here: ./monitora stop endpoint, later ./monitora start endpoint.',
    howToStop: 'Ctrl-C ends everything. To have it run for good: README.md.',
    ended: (process) => `${process} has ended`,
    died: (process, how) => `${process} died (${how}) and is started again; its last words stand above`,
    pm2Ended: (code) => `PM2 ended by itself (exit code ${code}); nothing is watched any more: start again.`,
    stopping: 'Stopping …',
    stopped: 'All is stopped.',
  },
  connect: {
    paste: (file) => `Add this to ${file}:`,
    subscribe: (link, app) => `Then open on the phone: ${link} (or, with the ntfy app on Android: ${app})`,
    secret: 'Keep it to yourself: whoever knows the topic reads the alerts, and can write there.',
    tryIt: (channel) => `To see that it works: ./monitora test-alert ${channel}`,
  },
  uptime: {
    of: (format, { name, percent, outages, longest, known }) => {
      const times =
        outages === 0 ? 'no outage' : `${outages} ${format.plural(outages, { one: 'outage', other: 'outages' })}`
      const worst = longest === undefined ? '' : `, ${outages > 1 ? 'the longest ' : ''}${longest}`
      return `${name} ${percent} %: ${times}${worst}${known === undefined ? '' : `; known for ${known} of it`}`
    },
    unknown: (name) => `${name}: nothing is known of that time`,
  },
  host: {
    added: (name) => `${name} is added.`,
    exists: (name) => `${name} is there already: host edit changes it, host rotate gives it a token`,
    sameButForCase: (name, other) => `${name} differs from ${other} by case alone: it needs another name`,
    edited: (name) => `${name} is changed.`,
    nothingToEdit: 'nothing to change: name at least one setting (host edit --help lists them)',
    rotated: (name, had) =>
      had
        ? `${name} has another token; the old one opens nothing any more.`
        : `${name} has a token, and is accepted by it alone.`,
    token: (token) => `The token, shown this once: ${token}`,
    ownToken: (name, file) => `${name} has a token in ${file}: that one counts.`,
    overruled: (keys, file) => `Without effect as long as ${file} says something else: ${keys}.`,
    overruledBy: (keys, rival, file) => `Without effect as long as ${file} has "${rival}" for it: ${keys}.`,
    garbled: (name, file) =>
      `${file} is garbled, and the shared password is refused for ${name}. A checker that has read it before puts it right within two minutes; if it does not, host edit ${name} --timeout 5m (or --schedule …) registers it anew, with its newest token.`,
    unreadable: (name, file, why) =>
      `${file} cannot be read (${why}): as long as that lasts, the shared password is refused for ${name}. Let this user read it; whoever deletes it loses its settings and its token.`,
    registeredAnew: (name) => `${name} is registered anew, with these settings alone.`,
    busy: ({ file, holder, isFile }) => {
      if (!isFile) return `${file} is in the way of every change, and is no file of Monitora's: remove it`
      return holder === undefined
        ? `${file} says that hosts are being changed, but not by whom: try again in a minute`
        : `process ${holder} is changing hosts and does not get done (${file}): try again, or look what it waits for`
    },
    rotatedMeanwhile: (name) => `${name} got another token from somebody else just now: nothing was changed`,
    paste: 'Ready to paste, each with the token in it:',
    nearby: (at) =>
      `Other machines may not reach ${at}: put the address that they use in its place (--server https://… prints it).`,
    pingKey: (key, url) =>
      `The ping key of this installation, shown this once: ${key}\nIt goes before the name of any host, in lower case: ${url}`,
    emptyOption: (option) => `--${option}: is empty (leave it out, or say what it is)`,
    pingKeyKnown: 'The ping key was shown when it was made; host rotate --ping-key makes another.',
    badges: 'Whoever has one of these links sees that one state and nothing else; .json and .shields work, too.',
    allHosts: 'all hosts',
    none: 'No hosts yet: host add registers one, and each machine that reports appears by itself.',
    columns: ['NAME', 'TYPE', 'STATE', 'LAST SIGNAL', 'EXPECTED', 'FROM'],
    states: {
      silent: 'silent',
      error: 'error',
      warning: 'warning',
      failed: 'failed',
      never: 'never heard',
      unstable: 'unstable',
      away: 'away',
      paused: 'paused',
      fine: 'fine',
    },
    ago: (span) => `${span} ago`,
    lastSignal: (clock) => `last signal ${clock}`,
    expected: (facts) => {
      if (facts.schedule === undefined)
        return `Silent after ${facts.timeout}${facts.interval === undefined ? '' : `; says that it reports every ${facts.interval}`}.`
      return `A job, "${facts.schedule}": ${facts.next === undefined ? 'never again' : `next ${facts.next}`}, with ${facts.grace} of grace.`
    },
    rhythmUnknown:
      'How long it may be silent is not known here: a checker that has read its registration before goes by that, any other waits for nothing.',
    knownSince: (clock, origin) => `Known since ${clock}, from: ${origin}.`,
    origins: {
      signal: 'its first signal',
      adopted: 'its .host file',
      added: 'host add',
      project: (name) => `project ${name}`,
    },
    tokens: {
      registered: 'It has a token of its own.',
      configured: 'Its token stands in the configuration.',
      none: 'It has no token: the shared password lets it in.',
    },
    inForce: 'In force:',
    registered: 'Registered:',
    ignored: (keys) => `Makes no sense there, and is ignored: ${keys}.`,
    zoneAlone: (name, file) => `The timezone in ${file} is without effect: ${name} has no schedule.`,
  },
}
