import { test } from 'vitest'
import { cutRun } from '../../test/random/cuts.ts'

function go(label: string, part: (s: number) => object, show = '') {
  const t = Date.now()
  const N = Number(process.env.N ?? 300)
  let late = 0,
    lateS = 0,
    alone = 0,
    site = 0,
    missing = 0
  const ex: string[] = []
  for (let s = 0; s < N; s++) {
    const r = cutRun(s, part(s))
    const line = () => {
      if (ex.length < 6)
        ex.push(
          `seed ${s} ${JSON.stringify(r.cut)} ${JSON.stringify(r.told)} ${r.clients.map((c) => `${c.name} p=${c.intervalS} T=${c.timeoutS} ${c.known ? 'known' : 'unk'} ${c.retries ? 'retry' : ''} ph=${c.phaseS.toFixed(1)}`).join('; ')}`,
        )
    }
    if (r.late.length) {
      late++
      if (show === 'late') line()
    }
    if (r.lateSites.length) {
      lateS++
      if (show === 'lateSites') line()
    }
    if (r.missing.length) {
      missing++
      if (show === 'missing') line()
    }
    if (r.alone && show === 'alone') line()
    alone += r.alone
    if (r.siteTold) site++
  }
  process.stdout.write(
    label +
      JSON.stringify({ N, late, lateS, alone: alone / N, site, missing, ms: Date.now() - t }) +
      '\n' +
      ex.join('\n') +
      '\n',
  )
}
const shows = process.env.SHOW ?? ''
test('x', { timeout: 500000 }, () => {
  go('each its own ', () => ({}), shows)
  go('one interval ', (s) => ({ intervalS: [10, 20, 30, 60, 120, 300, 600][s % 7] }), shows)
  go('known ', () => ({ known: true }))
  go('unknown ', () => ({ known: false }))
  go('one interval, unknown ', (s) => ({ intervalS: [10, 20, 30, 60, 120, 300, 600][s % 7], known: false }))
  go('one interval, known ', (s) => ({ intervalS: [10, 20, 30, 60, 120, 300, 600][s % 7], known: true }))
  go('one interval, known, no retries ', (s) => ({
    intervalS: [10, 20, 30, 60, 120, 300, 600][s % 7],
    known: true,
    retries: false,
  }))
})
test('y', { timeout: 500000 }, () => {
  if (process.env.Y)
    go(
      'one interval, unknown ',
      (s) => ({ intervalS: [10, 20, 30, 60, 120, 300, 600][s % 7], known: false }),
      process.env.Y,
    )
  if (process.env.Y) go('known ', (s) => ({ known: true }), process.env.Y)
})

import { absenceRun } from '../../test/random/absences.ts'
import { deathRun } from '../../test/random/deaths.ts'

test('b', { timeout: 500000 }, () => {
  const N = Number(process.env.N ?? 300)
  const own = (_: number) => ({})
  const one = (s: number) => ({ intervalS: [10, 20, 30, 60, 120, 300, 600][s % 7]! })
  for (const [label, part, loss] of [
    ['known', (s: number) => ({ ...own(s), known: true }), 0],
    ['unknown', (s: number) => ({ known: false }), 0],
    ['one known', (s: number) => ({ ...one(s), known: true }), 0],
    ['one mixed', one, 0],
    ['loss known', (s: number) => ({ known: true }), 0.05],
    ['loss', own, 0.05],
    ['loss one', one, 0.05],
    ['loss one, no retries', (s: number) => ({ ...one(s), retries: false }), 0.05],
  ] as const) {
    const delays: number[] = []
    let untold = 0,
      falsely = 0,
      site = 0,
      big = 0
    const ex: string[] = []
    for (let s = 0; s < N; s++) {
      const r = deathRun(s, loss, part(s))
      if (r.delayS === undefined) untold++
      else delays.push(r.delayS)
      falsely += r.falsely ? 1 : 0
      if (r.siteAccused) site++
      const bad = {
        untold: r.delayS === undefined,
        site: r.siteAccused,
        falsely: r.falsely,
        delay: (r.delayS ?? 0) > 300,
      }[process.env.B ?? '']
      if (bad && ex.length < 4)
        ex.push(
          `  seed ${s} delay ${r.delayS} ${JSON.stringify(r.told)} ${r.clients.map((c) => `${c.name} p=${c.intervalS} T=${c.timeoutS} ${c.known ? 'known' : 'unk'} ${c.retries ? 'retry' : ''} ph=${c.phaseS.toFixed(1)}`).join('; ')}`,
        )
    }
    delays.sort((a, b) => a - b)
    const q = (x: number) => delays[Math.floor(x * (delays.length - 1))]
    process.stdout.write(
      JSON.stringify({ label, N, untold, p50: q(0.5), p90: q(0.9), p99: q(0.99), max: q(1), falsely, site }) +
        '\n' +
        ex.join('\n') +
        '\n',
    )
  }
})
test('c', { timeout: 500000 }, () => {
  const N = Number(process.env.N ?? 300)
  let bad = 0
  const t = Date.now()
  const ex: string[] = []
  for (let s = 0; s < N; s++) {
    const r = absenceRun(s)
    if (!r.falsely.length) continue
    bad++
    if (ex.length < 5)
      ex.push(
        `  seed ${s} ${JSON.stringify(r.told)} ${JSON.stringify(r.spans.map((x) => [x.fromS, x.toS]))} ${r.clients.map((c) => `${c.name} ${c.site} p=${c.intervalS} T=${c.timeoutS} ${c.known ? 'known' : 'unk'} ${c.retries ? 'retry' : ''} ph=${c.phaseS.toFixed(1)}`).join('; ')}`,
      )
  }
  process.stdout.write(JSON.stringify({ absences: N, bad, ms: Date.now() - t }) + '\n' + ex.join('\n') + '\n')
})

import { books } from '../../test/random/ledger.ts'
import { mixedRun } from '../../test/random/mixed.ts'

test('d', { timeout: 500000 }, () => {
  const N = Number(process.env.N ?? 300)
  const t = Date.now()
  let bad = 0,
    left = 0
  const kinds = new Map<string, number>()
  const ex: string[] = []
  const mix = process.env.MIX ? JSON.parse(process.env.MIX) : undefined
  for (let s = Number(process.env.S ?? 0); s < N; s++) {
    let r
    try {
      r = mixedRun(s, mix)
    } catch (e) {
      ex.push(`seed ${s} throws ${(e as Error).stack}`)
      bad++
      continue
    }
    for (const a of r.simulation.alerts) kinds.set(a.kind, (kinds.get(a.kind) ?? 0) + 1)
    const b = books(r.simulation.alerts)
    if (b.wrong.length) bad++
    if (b.open.length) left++
    if ((b.wrong.length || b.open.length) && ex.length < Number(process.env.EX ?? 6))
      ex.push(
        `seed ${s} ${JSON.stringify(b)} \n   ${JSON.stringify(r.simulation.told.filter(([, w]) => !w.startsWith('first')))} \n   ${r.script.join(' | ')} \n   ${r.clients.map((c) => `${c.name} ${c.site} p=${c.intervalS} T=${c.timeoutS} ${c.known ? 'known' : 'unk'} ${c.retries ? 'retry' : ''} ph=${c.phaseS.toFixed(1)}`).join('; ')}`,
      )
  }
  process.stdout.write(
    JSON.stringify({ mixed: N, bad, left, ms: Date.now() - t }) +
      JSON.stringify([...kinds]) +
      '\n' +
      ex.join('\n') +
      '\n',
  )
})
test('same', { timeout: 500000 }, () => {
  const N = Number(process.env.N ?? 300)
  let diff = 0
  for (let s = 0; s < N; s++) {
    const a = mixedRun(s),
      b = mixedRun(s, undefined, true)
    if (JSON.stringify(a.simulation.alerts) !== JSON.stringify(b.simulation.alerts)) {
      diff++
      if (diff < 3)
        process.stdout.write(
          `differs seed ${s}\n${JSON.stringify(a.simulation.told)}\n${JSON.stringify(b.simulation.told)}\n${a.script.join('|')}\n`,
        )
    }
  }
  process.stdout.write(`differs ${diff} of ${N}\n`)
})
