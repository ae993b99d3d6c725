/** /remove_host NAME: forgets a host that is gone for good. One of the configuration would only come back. */
import { basename } from 'node:path'
import { BusyError } from '../../shared/exclusive.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import { isHostName } from '../../shared/names.ts'
import { removeHost as remove } from '../../shared/registry.ts'
import { knownHosts } from '../../shared/status.ts'
import { type Command, quoteBack } from '../command.ts'

export const removeHost: Command = {
  name: 'remove_host',
  description: (texts) => texts.descriptions.removeHost,
  run: ({ argument: name, config, texts: { remove: texts }, format }) => {
    if (name === '') return texts.which
    if (!isHostName(name)) return texts.noName(quoteBack(name, format))
    if (config.hosts.has(name)) {
      const file = basename(config.file)
      return config.alertedHosts ? texts.configuredInHosts(name, file) : texts.configured(name, file)
    }
    if (!knownHosts(config).includes(name)) return texts.unknown(name)
    try {
      return texts.done(name, remove(config.paths, name))
    } catch (error) {
      if (error instanceof BusyError) return textsFor(config.language).cli.host.busy(error)
      throw error
    }
  },
}
