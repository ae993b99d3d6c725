/** What can be registered of a host: from the options of a command, checked as monitora.yml is, and back into lines that can be read. */
import { registeredSection } from '../../shared/config/hosts.ts'
import { problemsOf } from '../../shared/config/problems.ts'
import { withoutPassword } from '../../shared/url.ts'

/** As they were typed. An empty one takes the setting away. */
export interface HostOptions {
  readonly type?: string
  readonly url?: string
  readonly site?: string
  readonly timeout?: string
  readonly schedule?: string
  readonly timezone?: string
  readonly grace?: string
  readonly every?: string
}

type Settings = Readonly<Record<string, unknown>>

const SPANS: ReadonlySet<string> = new Set(['timeout', 'grace', 'reminder', 'expectedAbsence', 'within', 'for'])
const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
]

/** @returns the settings, or what is wrong with them, a line each */
export function settingsFrom(options: HostOptions, before: Settings = {}): Settings | string {
  const { type, url, site, timeout, schedule, timezone, grace, every } = options
  const given = {
    type,
    url,
    site,
    timeout,
    schedule,
    timezone,
    grace,
    every,
  }
  const named = Object.entries(given).filter(([, value]) => value !== undefined)
  const settings = Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(named) }).filter(([, value]) => value !== ''),
  )
  const checked = registeredSection.safeParse(settings)
  if (checked.success) return settings
  return problemsOf(checked.error, settings)
    .map(({ path, text }) => `--${path}: ${text}`)
    .join('\n')
}

/** Lines of YAML, without what is secret. Spans may be milliseconds or as they were typed. */
export function settingLines(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    key === 'token' || value === undefined ? [] : [`  ${key}: ${JSON.stringify(readable(key, value), readable)}`],
  )
}

function readable(key: string, value: unknown): unknown {
  if (SPANS.has(key) && typeof value === 'number') return spanOf(value)
  return key === 'url' ? withoutPassword(String(value)) : value
}

/** In the largest unit that leaves nothing over. */
function spanOf(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms % size === 0) ?? ['s', 1000]
  return `${ms / size}${unit}`
}
