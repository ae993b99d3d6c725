/** What the command line says once it knows the language, in English. The other languages are held to its type. */
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
}

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
}
