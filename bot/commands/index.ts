/** Every command there is. /help, Telegram's menu and what the bot understands all derive from this list. */
import type { Command } from '../command.ts'
import { help } from './help.ts'
import { removeHost } from './remove-host.ts'
import { restart } from './restart.ts'
import { start } from './start.ts'
import { status } from './status.ts'

export const commands: readonly Command[] = [status, restart, removeHost, help, start]
