import { expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { ChannelSettings } from '../../shared/config/channels.ts'
import type { Defaults, HostSettings, SiteSettings } from '../../shared/config/hosts.ts'
import { channelsFor } from './route.ts'

const common = { type: 'console', language: 'en', timezone: 'UTC' } as const
const channels = new Map<string, ChannelSettings>([
  ['all', common],
  ['ends', { ...common, kinds: ['recovered', 'process-up'] }],
  ['family', { ...common, tags: ['family', 'home'] }],
  ['ops', { ...common, kinds: ['site-silent', 'silent', 'recovered'], tags: ['servers'] }],
  ['nothing', { ...common, kinds: [] }],
  ['__proto__', { ...common, tags: ['office'], kinds: ['silent'] }],
])
const hosts = new Map<string, HostSettings>([
  ['nas', { channels: ['family', 'all', 'family'] }],
  ['pi', { channels: ['gone', 'ends'] }],
  ['muted', { channels: [] }],
  ['plain', {}],
])

const sites = new Map<string, SiteSettings>([
  ['office', { channels: ['ops', 'all'] }],
  ['mute', { channels: [] }],
  ['home', {}],
])
const DEFAULTS: Defaults = {
  timeout: 1,
  reminder: 1,
  unstable: { changes: 6, within: 1 },
  historyFor: 1,
}

test.each<[string, Partial<Alert>, string[] | undefined, string[]]>([
  ['all channels, where nothing is said', {}, undefined, ['all']],
  ['those of the defaults', {}, ['all', 'ends'], ['all']],
  ['none that is gone', {}, ['gone', 'all'], ['all']],
  ['nobody, if the defaults say so', {}, [], []],
  ['those of its host, each once', { hosts: ['nas'], tags: ['home'] }, ['ends'], ['family', 'all']],
  ['those of its host, though one is gone', { hosts: ['pi'], kind: 'recovered' }, ['all'], ['ends']],
  ['nobody, if its host says so', { hosts: ['muted'] }, undefined, []],
  ['the defaults, for a host that says nothing', { hosts: ['plain'] }, ['all'], ['all']],
  ['the defaults, for several hosts of no site', { hosts: ['nas', 'pi'] }, ['all'], ['all']],
  ['those of its site, for a host that says nothing', { hosts: ['plain'], site: 'office' }, ['ends'], ['all']],
  [
    'those of its host, though its site has others',
    { hosts: ['nas'], site: 'office', tags: ['home'] },
    [],
    ['family', 'all'],
  ],
  ['nobody, if its site says so', { hosts: ['plain'], site: 'mute' }, ['all'], []],
  [
    'those of a silent site',
    { kind: 'site-silent', site: 'office', hosts: ['nas', 'pi'], tags: ['servers'] },
    ['ends'],
    ['ops', 'all'],
  ],
  [
    'those of all its hosts together, each once, if the site says nothing',
    { kind: 'site-recovered', site: 'home', hosts: ['nas', 'pi', 'muted', 'plain'], tags: ['family'] },
    ['ends', 'all'],
    ['family', 'all'],
  ],
  [
    'those of all its hosts, though nobody wrote a word about the site',
    { kind: 'recovered', site: 'attic', hosts: ['pi', 'muted'], tags: [] },
    ['all'],
    ['ends'],
  ],
  [
    'all channels, if one of its hosts says nothing and nor do the defaults',
    { kind: 'silent', site: 'home', hosts: ['pi', 'plain'] },
    undefined,
    ['all'],
  ],
  [
    'those of its site, and of who stays away',
    { kind: 'site-recovered', site: 'office', hosts: ['nas', 'pi'], missing: ['nas'], tags: ['servers', 'home'] },
    [],
    ['all', 'family'],
  ],
  [
    'those of a silent site, though only one of it is listed',
    { id: 'site:office:k3f9:1', kind: 'site-silent', site: 'office', hosts: ['nas'], tags: ['servers'] },
    ['ends'],
    ['ops', 'all'],
  ],
  [
    'everyone, when nothing reaches the monitor, whoever is listed',
    { id: 'monitor:box:k3f9:1', kind: 'nothing-reaches-me', hosts: ['nas', 'pi'] },
    undefined,
    ['all', 'family'],
  ],
  ['nobody, if none of its hosts has anyone', { site: 'home', hosts: ['muted', 'muted'] }, ['all'], []],
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
  const { hosts: named = ['other'], site } = part
  const whose = named.length === 0 ? 'monitor' : named.length > 1 && site !== undefined ? 'site' : 'host'
  const alert: Alert = {
    id: `${whose}:name:k3f9:1`,
    outage: `${whose}:name:k3f9:1`,
    kind: 'silent',
    hosts: named,
    tags: [],
    monitor: 'box',
    at: 0,
    ...part,
  }
  expect(channelsFor(alert, { channels, hosts, sites, defaults: { ...DEFAULTS, channels: defaults } })).toEqual(
    expected,
  )
})
