/**
 * Which site a host belongs to: hosts of one network fall together when it does. Named in the configuration or by the
 * host itself, else by the public address that it reports from. The one place that decides it.
 */
import { hash } from 'node:crypto'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { DataPaths } from './paths.ts'
import type { Report } from './report.ts'

/** Addresses that many networks share, or that lead nowhere: none of them is one place. */
const NOT_PUBLIC_4 = (
  [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ] as const
).map(([network, prefix]) => ({ start: numberOf(network) >>> (32 - prefix), shift: 32 - prefix }))
const NOT_PUBLIC_6 = new BlockList()
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  NOT_PUBLIC_6.addSubnet(network, prefix, 'ipv6')

/**
 * @param siteByAddress whether hosts without a site share one by public address
 * @returns the site's name, or the address (IPv6: its /64) that stands for it
 */
export function siteOf(
  named: string | undefined,
  { site, address }: Pick<Report, 'site' | 'address'>,
  siteByAddress: boolean,
): string | undefined {
  return named ?? site ?? (siteByAddress && address !== undefined ? networkOf(address) : undefined)
}

/** The host is this machine itself: its signals say nothing about any network. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = unmapped(address)
  const family = isIP(plain)
  return family === 4 ? plain.startsWith('127.') : family === 6 && expand(plain).join(':') === '0:0:0:0:0:0:0:1'
}

/** It can be reached through the internet, and what it sends has come through it. */
export function isPublic(address: string): boolean {
  return networkOf(address) !== undefined
}

/** Any text may name a site; a file's name may hold less, and must not be too long. */
export function siteFileName(site: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(site)) return `${site}.json`
  const readable = site.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64)
  return `${readable}.${hash('sha256', site).slice(0, 12)}.json`
}

export function siteFile(paths: DataPaths, site: string): string {
  return join(paths.stateSites, siteFileName(site))
}

function networkOf(address: string): string | undefined {
  const plain = unmapped(address)
  const family = isIP(plain)
  // A list of Node's takes ten times as long: it is asked for each host when a checker starts.
  if (family === 4) {
    const number = numberOf(plain)
    return NOT_PUBLIC_4.some(({ start, shift }) => number >>> shift === start) ? undefined : plain
  }
  if (family === 0 || NOT_PUBLIC_6.check(plain, 'ipv6')) return undefined
  // A network of a home is a /64; its machines change the rest as they like.
  return `${expand(plain).slice(0, 4).join(':')}::/64`
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0)
}

/** Without the zone, and as IPv4 what is an IPv4 client on an IPv6 socket, however it is spelled. */
function unmapped(address: string): string {
  // Nearly all of them, at every start.
  if (!address.includes(':')) return address
  const plain = address.replace(/%.*$/, '')
  const groups = expand(plain)
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return plain
  const bytes = groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
  return bytes.join('.')
}

/** The eight groups of an IPv6 address, without leading zeros; none of anything else. */
function expand(address: string): string[] {
  // Asked first, because Node takes ten times as long to find that it is none.
  if (!address.includes(':') || !isIPv6(address)) return []
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
}
