/** The commands, in the order of the help. A new one is a file here and a line in this list. */
import type { AddCommand } from '../command.ts'
import { ack } from './ack.ts'
import { checkConfig } from './check-config.ts'
import { connect } from './connect.ts'
import { errors } from './errors.ts'
import { host } from './host.ts'
import { pause } from './pause.ts'
import { resume } from './resume.ts'
import { run } from './run.ts'
import { silence } from './silence.ts'
import { silences } from './silences.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { testAlert } from './test-alert.ts'
import { uptime } from './uptime.ts'
import { why } from './why.ts'

export const COMMANDS: readonly AddCommand[] = [
  start,
  stop,
  status,
  why,
  uptime,
  errors,
  silence,
  ack,
  pause,
  resume,
  silences,
  checkConfig,
  host,
  run,
  connect,
  testAlert,
]
