/**
 * The least that a checker's start can do over a folder: `crowd-floor.mjs DATA`. Lists who there is, asks whether what is
 * known of each has changed, and reads when each was heard; then says that it is ready.
 */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'

const [data = ''] = process.argv.slice(2)
const [registry = [], , hosts = []] = ['registry', 'state/hosts', 'hosts'].map((name) => readdirSync(join(data, name)))
for (const name of registry) {
  statSync(`${data}/reports/${name}`)
  statSync(`${data}/state/hosts/${name}`)
}
const content = Buffer.alloc(32)
for (const name of hosts) {
  const fd = openSync(`${data}/hosts/${name}`, 'r')
  readSync(fd, content, 0, content.length, 0)
  closeSync(fd)
}
process.on('disconnect', () => process.exit())
process.send?.('ready')
