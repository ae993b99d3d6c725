/** What a person sees of what PM2 passes on. The lines are as pm2-runtime wrote them. */
import { expect, test } from 'vitest'
import { cli } from '../shared/i18n/en/cli.ts'
import { createLinePrinter } from './lines.ts'

const said = (app: string, words: string, type = 'out') =>
  `timestamp=2026-11-21-14:04:18+0000 app=${app} id=0 type=${type} message=${words}`
const LOG = '{"level":"warn","time":"2026-11-21T12:03:00.000Z","process":"server","msg":"slow disk","ms":40}'

test.each([
  [
    'a log line becomes readable',
    [said('server', LOG)],
    [expect.stringMatching(/^\[..:..:00\] WARN: server: slow disk$/)],
  ],
  [
    'an alert stays as it is, apart from the rest',
    [said('checker', '🔴 nas is silent'), said('checker', 'No signal for 2 min.'), said('server', LOG)],
    ['', '🔴 nas is silent', 'No signal for 2 min.', '', expect.stringContaining('slow disk')],
  ],
  ['last words carry the name of who said them', [said('bot', 'Error: boom', 'error')], ['bot: Error: boom']],
  [
    'JSON that is no log is an alert like any other',
    [said('checker', '{"a":1}'), said('checker', '{"msg":')],
    ['', '{"a":1}', '{"msg":'],
  ],
  [
    'whoever died is named',
    ['2026-11-21T14:04:25: PM2 log: App [bot:2] exited with code [1] via signal [SIGINT]'],
    [cli.start.died('bot', '1')],
  ],
  [
    'so is whoever was killed',
    ['2026-11-21T14:04:25: PM2 log: App [bot:2] exited with code [0] via signal [SIGKILL]'],
    [cli.start.died('bot', 'SIGKILL')],
  ],
  [
    'and whoever was stopped',
    ['2026-11-21T14:04:25: PM2 log: App [endpoint:3] exited with code [0] via signal [SIGINT]'],
    [cli.start.ended('endpoint')],
  ],
  ["PM2's own diary is left out", ['2026-11-21T14:04:17: PM2 log: Launching in no daemon mode', ''], []],
  [
    'its complaints are not',
    ['2026-11-21T14:04:17: PM2 error: no space left'],
    ['2026-11-21T14:04:17: PM2 error: no space left'],
  ],
])('%s', (_, lines, expected) => {
  const shown: string[] = []
  const show = createLinePrinter({ texts: cli.start, colour: false, print: (text) => shown.push(text) })
  for (const line of lines) show(line)
  expect(shown).toEqual(expected)
})
