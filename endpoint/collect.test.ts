import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCollect, type Machine, thisMachine } from './collect.ts'
import type { EndpointConfig } from './config.ts'

const config: EndpointConfig = {
  file: 'e.yml',
  version: '',
  url: 'http://box/signal',
  host: 'nas',
  site: 'home',
  user: 'u',
  password: 'p',
  intervalMs: 1500,
}
const self = { version: '1.2.3', agent: 'a1' }

const machine = (upMs?: number, awakeMs?: number, boot?: string): Machine => ({
  boot: () => boot,
  uptimeMs: () => upMs,
  awakeMs: () => awakeMs,
})
const fields = (form: URLSearchParams) => Object.fromEntries(form)

describe('a signal', () => {
  it('names no host where the token does', () => {
    const collect = createCollect(machine(), self)
    const nameless: EndpointConfig = {
      file: 'e.yml',
      version: '',
      url: config.url,
      host: 'nas',
      token: 'a'.repeat(32),
      hostIsImplied: true,
    }
    expect(fields(collect(nameless))).toEqual({ version: '1.2.3' })
  })

  it('says all that is known', () => {
    let upMs = 100_000
    const moving = { ...machine(0, 60_000, 'b1'), uptimeMs: () => upMs }
    const collect = createCollect(moving, self)
    upMs = 107_400
    expect(fields(collect(config, { unsent: 3, event: 'goodbye' }))).toEqual({
      host: 'nas',
      site: 'home',
      interval: '1.5',
      version: '1.2.3',
      boot: 'b1',
      up: '107',
      suspended: '47.4',
      agent: 'a1',
      age: '7',
      unsent: '3',
      event: 'goodbye',
    })
  })

  it('of a single post claims nothing of a run', () => {
    const form = createCollect(machine(100_000, 100_000, 'b1'), self)({ ...config, intervalMs: undefined })
    expect(fields(form)).toEqual({
      host: 'nas',
      site: 'home',
      version: '1.2.3',
      boot: 'b1',
      up: '100',
      suspended: '0',
    })
  })

  it('of an agent that keeps running declares the default interval', () => {
    const collect = createCollect(machine(), self)
    expect(collect({ ...config, intervalMs: undefined }, { unsent: 0 }).get('interval')).toBe('30')
  })

  it.each([
    ['nothing known', machine(), { up: undefined, age: undefined, suspended: undefined, boot: undefined }],
    ['no clock that stands still', machine(100_000), { up: '100', age: '0', suspended: undefined }],
    ['clocks read a moment apart', machine(99_990, 100_000), { suspended: '0' }],
    ["a container's own uptime", machine(5000, 100_000), { up: '5', suspended: undefined }],
    ['an uptime that is no number', machine(Number.NaN, 1), { up: undefined, suspended: undefined }],
  ])('with %s leaves out what is unknown', (_, system, expected) => {
    const found = createCollect(system, self)(config, { unsent: 0 })
    for (const [key, value] of Object.entries(expected)) expect(found.get(key) ?? undefined).toBe(value)
  })

  it.runIf(process.platform === 'linux')('on Linux agrees with /proc', () => {
    const found = createCollect(thisMachine, self)(config, { unsent: 0 })
    expect(found.get('boot')).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim())
    const up = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0])
    expect(Math.abs(Number(found.get('up')) - up)).toBeLessThan(2)
  })
})
