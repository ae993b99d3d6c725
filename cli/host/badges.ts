/** The links of the badges: one for all hosts, and one for each tag that the configuration gives. */
import { ALL_TAGS, badgePaths } from '../../shared/badges.ts'
import type { Config } from '../../shared/config/load.ts'
import { textsFor } from '../../shared/i18n/index.ts'

/** @param at the server's address */
export function badgeLinks({ paths, hosts, language }: Config, at: string): string {
  const texts = textsFor(language).cli.host
  const tags = [...new Set([...hosts.values()].flatMap((host) => host.tags ?? []))].sort()
  const links = badgePaths(paths, tags).map(
    ({ tag, path }) => `${tag === ALL_TAGS ? texts.allHosts : tag}: ${at}${path}.svg`,
  )
  return [...links, texts.badges].join('\n')
}
