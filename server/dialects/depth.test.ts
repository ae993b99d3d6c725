/** Nesting deeper than a program may call itself, in each place where a client may put it. */
import { expect, test } from 'vitest'
import { fakeDoors, speak } from '../../test/fakes/doors.ts'
import type { Maker, World } from '../../test/fuzz/draft.ts'
import { log, sentry } from '../../test/fuzz/errors.ts'
import { external, heartbeat, pulse, signal } from '../../test/fuzz/signals.ts'
import { randomFrom } from '../../test/random/randomness.ts'
import { dialects } from './index.ts'

const TOKEN = '00112233445566778899aabbccddeeff'
const world: World = {
  clients: [{ name: 'shop', token: TOKEN }],
  authorization: 'Basic x',
  admin: 'admin',
  pingKey: 'key',
  badges: [],
  groups: [],
}
const doors = fakeDoors({ hosts: { shop: { token: TOKEN } }, authorization: world.authorization })
const DEPTH = 10_000
const DEEP = [`${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`, `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`]
const MAKERS: Readonly<Record<string, Maker>> = { signal, heartbeat, external, pulse, log, sentry }

test.each(Object.entries(MAKERS))(
  '%s: whatever is nested, a reply is found, and what is kept can be written',
  (_, make) => {
    let tried = 0
    let kept = 0
    for (let seed = 0; seed < 8; seed++) {
      const { method, path, query, headers, body } = make(randomFrom(seed), world, 0)
      const sent = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
      for (const bent of deepened(body.toString())) {
        tried++
        const [answer] = dialects.flatMap((dialect) => {
          const request = { method, url: `${path}${query}`, headers: sent, body: bent }
          return speak(dialect, doors, request) ?? []
        })
        expect(answer!.status).toBeLessThan(500)
        for (const deed of answer!.deeds) JSON.stringify(deed.kind === 'error' ? deed.sample() : deed)
        kept += answer!.deeds.length
      }
    }
    expect(tried).toBeGreaterThan(8)
    expect(kept).toBeGreaterThan(0)
  },
)

/** The body once for each value in its lines of JSON, with that one made deep. */
function deepened(body: string): string[] {
  const lines = body.startsWith('{')
    ? body.split('\n')
    : [JSON.stringify(Object.fromEntries(new URLSearchParams(body)))]
  return lines.flatMap((line, index) =>
    pathsIn(JSON.parse(line)).flatMap((path) =>
      DEEP.map((deep) => lines.with(index, replaced(line, path, deep)).join('\n')),
    ),
  )
}

function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  return [[], ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner).map((path) => [name, ...path]))]
}

function replaced(line: string, path: readonly string[], deep: string): string {
  if (path.length === 0) return deep
  const copy = JSON.parse(line)
  let at = copy
  for (const name of path.slice(0, -1)) at = at[name]
  at[path.at(-1)!] = '\u0001'
  return JSON.stringify(copy).replace('"\\u0001"', () => deep)
}
