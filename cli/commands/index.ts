/** The commands, in the order of the help. A new one is a file here and a line in this list. */
import type { AddCommand } from '../command.ts'
import { checkConfig } from './check-config.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { testAlert } from './test-alert.ts'

export const COMMANDS: readonly AddCommand[] = [start, stop, status, checkConfig, testAlert]
