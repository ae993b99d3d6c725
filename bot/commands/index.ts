/** Every command there is. /help, Telegram's menu and what the bot understands all derive from this list. */
import type { Command } from '../command.ts'
import { ack } from './ack.ts'
import { help } from './help.ts'
import { pause } from './pause.ts'
import { removeHost } from './remove-host.ts'
import { restart } from './restart.ts'
import { resume } from './resume.ts'
import { silence } from './silence.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { why } from './why.ts'

export const commands: readonly Command[] = [status, why, silence, ack, pause, resume, restart, removeHost, help, start]
