/** Which site a host belongs to, for addresses of every kind and for text that is none. */
import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLoopback, siteFileName, siteOf } from './sites.ts'

const byAddress = (address: string) => siteOf(undefined, { address }, true)

test('the configuration names the site, else the host, else its address, where that is allowed', () => {
  const report = { site: 'its own', address: '203.0.113.7' }
  expect(siteOf('home', report, true)).toBe('home')
  expect(siteOf(undefined, report, true)).toBe('its own')
  expect(siteOf(undefined, { address: '203.0.113.7' }, true)).toBe('203.0.113.7')
  expect(siteOf(undefined, { address: '203.0.113.7' }, false)).toBeUndefined()
  expect(siteOf(undefined, {}, true)).toBeUndefined()
})

describe('the network of an address', () => {
  test.each<[string, string | undefined]>([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:1:aaaa::1', '2001:db8:0:1::/64'],
    ['2001:0DB8:0000:0001::2', '2001:db8:0:1::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['172.15.255.255', '172.15.255.255'],
    ['172.32.0.1', '172.32.0.1'],
    ['100.128.0.1', '100.128.0.1'],
  ])('%s: %s', (address, site) => {
    expect(byAddress(address)).toBe(site)
  })

  test.each([
    ['10.1.2.3'],
    ['172.16.0.1'],
    ['172.31.255.255'],
    ['192.168.1.1'],
    ['100.64.0.1'],
    ['100.127.255.255'],
    ['169.254.1.1'],
    ['127.0.0.1'],
    ['0.0.0.0'],
    ['::ffff:192.168.1.1'],
    ['::ffff:7f00:1'],
    ['::1'],
    ['::'],
    ['fd00::1'],
    ['fc00::1'],
    ['fe80::1%eth0'],
    [''],
    ['203.0.113'],
    ['203.0.113.7:443'],
    ['[2001:db8::1]'],
    ['unknown'],
    ['localhost'],
  ])('%j makes no site', (address) => {
    expect(byAddress(address)).toBeUndefined()
  })

  test('two machines of one /64 share a site, those of two do not', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(groups, groups, groups, fc.integer({ min: 0, max: 3 }), (network, one, other, at) => {
        const address = (first: number[], rest: number[]) => [...first, ...rest].map((n) => n.toString(16)).join(':')
        const site = byAddress(address(network, one))
        // What begins with zeros may be mapped IPv4, which is another matter.
        if (site === undefined || network.every((group) => group === 0)) return
        expect(byAddress(address(network, other))).toBe(site)
        const elsewhere = network.map((group, index) => (index === at ? group ^ 1 : group))
        expect(byAddress(address(elsewhere, one))).not.toBe(site)
      }),
    )
  })

  test('any text makes no site, or one of an address', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.ipV4Extended(), fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(anyText, (text) => {
        const site = byAddress(text)
        if (site !== undefined) expect(isIP(site.replace(/\/64$/, ''))).not.toBe(0)
        expect(isLoopback(text) && site !== undefined).toBe(false)
      }),
    )
  })
})

test.each<[string | undefined, boolean]>([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['127.evil', false],
  ['128.0.0.1', false],
  ['::2', false],
  ['', false],
  [undefined, false],
])('%s is this machine: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected)
})

test("a site's file has a name that the file system takes, and no two sites have the same", () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 64 })
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(siteFileName(one)).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,90}\.json$/)
      if (one !== other) expect(siteFileName(one)).not.toBe(siteFileName(other))
    }),
  )
  expect(siteFileName('home')).toBe('home.json')
  expect(siteFileName('2001:db8:0:1::/64')).toMatch(/^2001-db8-0-1-64\.[0-9a-f]{12}\.json$/)
})
