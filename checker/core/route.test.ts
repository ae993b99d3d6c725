import { expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { ChannelSettings } from '../../shared/config/channels.ts'
import type { HostSettings } from '../../shared/config/hosts.ts'
import { channelsFor } from './route.ts'

const common = { type: 'console', language: 'en', timezone: 'UTC' } as const
const channels = new Map<string, ChannelSettings>([
  ['all', common],
  ['ends', { ...common, kinds: ['recovered', 'process-up'] }],
  ['family', { ...common, tags: ['family', 'home'] }],
  ['nothing', { ...common, kinds: [] }],
  ['__proto__', { ...common, tags: ['office'], kinds: ['silent'] }],
])
const hosts = new Map<string, HostSettings>([
  ['nas', { channels: ['family', 'all', 'family'] }],
  ['pi', { channels: ['gone', 'ends'] }],
  ['muted', { channels: [] }],
  ['plain', {}],
])

test.each<[string, Partial<Alert>, string[] | undefined, string[]]>([
  ['all channels, where nothing is said', {}, undefined, ['all']],
  ['those of the defaults', {}, ['all', 'ends'], ['all']],
  ['none that is gone', {}, ['gone', 'all'], ['all']],
  ['nobody, if the defaults say so', {}, [], []],
  ['those of its host, each once', { hosts: ['nas'], tags: ['home'] }, ['ends'], ['family', 'all']],
  ['those of its host, though one is gone', { hosts: ['pi'], kind: 'recovered' }, ['all'], ['ends']],
  ['nobody, if its host says so', { hosts: ['muted'] }, undefined, []],
  ['the defaults, for a host that says nothing', { hosts: ['plain'] }, ['all'], ['all']],
  ['the defaults, for several hosts', { hosts: ['nas', 'pi'] }, ['all'], ['all']],
  ['who wants the kind', { kind: 'recovered' }, undefined, ['all', 'ends']],
  ['who wants one of its tags', { tags: ['x', 'home'] }, undefined, ['all', 'family']],
  ['who wants both', { tags: ['office'] }, undefined, ['all', '__proto__']],
  ['who wants the kind, but not the tag: not', { tags: ['office'], kind: 'recovered' }, undefined, ['all', 'ends']],
  [
    'everyone who wants the kind, if no host is concerned',
    { hosts: [], kind: 'process-up' },
    undefined,
    ['all', 'ends', 'family'],
  ],
])('an alert is heard by %s', (_, part, defaults, expected) => {
  const alert: Alert = {
    id: 'a',
    outage: 'a',
    kind: 'silent',
    hosts: ['other'],
    tags: [],
    monitor: 'box',
    at: 0,
    ...part,
  }
  expect(channelsFor(alert, { channels, hosts, defaults: { timeout: 1, reminder: 1, channels: defaults } })).toEqual(
    expected,
  )
})
