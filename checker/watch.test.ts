/** The bell, in a real folder: what rings it, and as what. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { hangBell, type Rung } from './watch.ts'

test('it tells apart what changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bell-'))
  const paths = dataPaths(folder)
  prepareDataFolder(paths)
  const awaited = new Map<string, () => void>()
  const ring = (rung: Rung) => awaited.get(JSON.stringify(rung))?.()
  const bell = await hangBell(paths, ring, { debug() {}, info() {}, warn() {}, error() {} })
  const rings = (rung: Rung, changed: string, file = 'a.jsonl') =>
    new Promise<void>((resolve) => {
      awaited.set(JSON.stringify(rung), resolve)
      writeFileSync(join(changed, file), '')
    })
  try {
    await expect(rings({ errors: true }, paths.inboxErrors)).resolves.toBeUndefined()
    await expect(rings({ registry: true }, paths.registry)).resolves.toBeUndefined()
    await expect(rings({ registry: true, registered: 'nas' }, paths.registry, 'nas.json')).resolves.toBeUndefined()
    await expect(rings({ registry: true }, paths.registry, 'n s.json')).resolves.toBeUndefined()
    await expect(rings({ reported: 'nas' }, paths.reports, 'nas.json')).resolves.toBeUndefined()
    await expect(rings({ silences: true }, paths.silences)).resolves.toBeUndefined()
    await expect(rings({ silences: false }, paths.inbox)).resolves.toBeUndefined()
  } finally {
    await bell.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
