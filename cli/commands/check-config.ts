/** `monitora check-config`: what every process would say of the configuration, before any of them is started. */
import { basename } from 'node:path'
import { readCertificate } from '../../server/tls.ts'
import { formatFor } from '../../shared/i18n/format.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'
import { loadConfigs } from '../configs.ts'

export const checkConfig: AddCommand = (program, cli) => {
  program
    .command('check-config')
    .description('check monitora.yml; an endpoint checks its endpoint.yml itself when it starts')
    .option(...CONFIG_OPTION)
    .action(({ config: named }: { config?: string }) => {
      const seen = new Set<string>()
      for (const config of loadConfigs(cli, named)) {
        const { file, language, timezone, hosts, channels } = config
        if (seen.has(file)) continue
        seen.add(file)
        readCertificate(config)
        const counts = { hosts: hosts.size, channels: channels.size }
        cli.print(textsFor(language).cli.fine(formatFor(language, timezone), basename(file), counts))
      }
    })
}
