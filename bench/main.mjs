/**
 * `npm run bench [-- --quick]`: what the built processes cost and how fast they are, against floors measured in the same
 * run, for times drift from machine to machine. Linux (it reads /proc), loopback only, about twenty minutes.
 */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { benchChecker } from './checker.mjs'
import { benchCrowd } from './crowd.mjs'
import { benchErrors } from './errors.mjs'
import { benchMemory } from './memory.mjs'
import { benchOutage } from './outage.mjs'
import { createPlace } from './place.mjs'
import { benchRequests } from './requests.mjs'
import { title } from './table.mjs'

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values
const [rows, idle, checker, crowd, outage, errors] = quick
  ? [
      { rowS: 1 },
      { idleS: 4 },
      { timeoutS: 90, windowS: 15 },
      { hosts: 10_000, windowS: 15 },
      { timeoutS: 16 },
      { rowS: 1, floodS: 5 },
    ]
  : [
      { rowS: 2 },
      { idleS: 10 },
      { timeoutS: 120, windowS: 60 },
      { hosts: 100_000, windowS: 300 },
      { timeoutS: 30 },
      { rowS: 2, floodS: 15 },
    ]

const place = createPlace()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
try {
  const [load = 0] = loadavg()
  title(
    `Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model}), load before ${load.toFixed(1)}${quick ? ', quick' : ''}`,
  )
  await benchRequests(place, rows)
  const floor = await benchMemory(place, idle)
  await benchChecker(place, checker, floor)
  await benchCrowd(place, crowd, floor)
  await benchOutage(place, outage, floor)
  await benchErrors(place, errors, floor)
} finally {
  await place.end()
}
