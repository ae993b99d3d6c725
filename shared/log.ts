/** Logs of all processes: one line per event; JSON, or made readable on a terminal. Secrets never reach it. */
import { type Logger, pino } from 'pino'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

const SECRETS = ['password', 'token', 'authorization', 'headers', 'config', 'request', 'response']

/** How a line reads on a terminal. pino-pretty is loaded there only: the processes under PM2 never pay for it. */
export const PRETTY = {
  sync: true,
  ignore: 'process',
  messageFormat: '{process}: {msg}',
  translateTime: 'SYS:HH:MM:ss',
}

/** @param name the process that speaks */
export async function createLog(name: string, { pretty = process.stdout.isTTY === true } = {}): Promise<Log> {
  const options = {
    base: { process: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((key) => [key, `*.${key}`]), censor: '[secret]' },
  }
  const stream = pretty ? (await import('pino-pretty')).default(PRETTY) : lastingDestination()
  const log: Log = pino(options, stream)
  return log
}

/** A log that cannot be written (a full disk) must not end the process; what waits for room is bounded. */
function lastingDestination() {
  return pino.destination({ dest: 1, sync: true, maxLength: 65_536 }).on('error', () => {})
}

/** What of an error may be logged: its code or message, never the request that it may carry. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  return code !== undefined && !error.message.includes(code) ? `${code}: ${error.message}` : error.message
}
