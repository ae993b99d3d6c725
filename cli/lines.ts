/**
 * What PM2 passes on, line by line, made fit for a person: the processes' logs readable, alerts (which the console
 * channel writes as plain words) set apart, and a process that died named beside its last words.
 */
import { stripVTControlCharacters, styleText } from 'node:util'
import { prettyFactory } from 'pino-pretty'
import type { CliTexts } from '../shared/i18n/en/cli.ts'
import { PRETTY } from '../shared/log.ts'

/** As `pm2-runtime --format` writes it. */
const SPOKEN = /^timestamp=\S+ app=(\S+) id=\d+ type=(out|error) message=(.*)$/
const ENDED = /PM2 log: App \[(\S+):\d+\] exited with code \[(\d+)\] via signal \[(\w+)\]/
const PM2_LOG = /^\d{4}-\S+: PM2 log: /

type Kind = 'log' | 'alert'

interface Options {
  readonly texts: CliTexts['start']
  readonly colour: boolean
  readonly print: (text: string) => void
}

/** @returns takes lines without their newline */
export function createLinePrinter({ texts, colour, print }: Options): (line: string) => void {
  const pretty = prettyFactory({ ...PRETTY, colorize: colour, hideObject: true })
  const paint = (style: 'bold' | 'red', text: string) => (colour ? styleText(style, text) : text)
  let before: Kind = 'log'
  const say = (kind: Kind, text: string) => {
    if (kind !== before) print('')
    before = kind
    print(text)
  }

  return (line) => {
    const [, app, type, words = ''] = SPOKEN.exec(line) ?? []
    if (app !== undefined) {
      if (isLog(words)) say('log', pretty(words).trimEnd())
      else if (type === 'error') say('log', paint('red', `${app}: ${words}`))
      else say('alert', paint('bold', words))
      return
    }
    const [, name, code, signal] = ENDED.exec(stripVTControlCharacters(line)) ?? []
    if (name !== undefined) {
      // PM2 names SIGINT where there was no signal at all.
      const meant = code === '0' && signal === 'SIGINT'
      say('log', meant ? texts.ended(name) : paint('red', texts.died(name, code === '0' ? `${signal}` : `${code}`)))
    } else if (line.trim() !== '' && !PM2_LOG.test(line)) say('log', line)
  }
}

function isLog(words: string): boolean {
  if (!words.startsWith('{')) return false
  try {
    return typeof (JSON.parse(words) as { msg?: unknown }).msg === 'string'
  } catch {
    return false
  }
}
