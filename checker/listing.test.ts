/** How often folders are listed, which of a hundred thousand hosts takes a good part of a second. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { prepareDataFolder } from '../shared/paths.ts'
import { register } from '../shared/registry.ts'
import { createHosts } from './hosts.ts'

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return { ...fs, readdirSync: vi.fn(fs.readdirSync) }
})

test('in a minute in which nobody came or went no folder is listed', () => {
  const root = mkdtempSync(join(tmpdir(), 'listing-'))
  writeFileSync(join(root, 'monitora.yml'), 'server: { user: u, password: p }\n')
  const config = loadConfig({ file: join(root, 'monitora.yml'), process: 'checker', env: {} })
  prepareDataFolder(config.paths)
  register(config.paths, { name: 'nas', registeredAt: 0, origin: 'added' })
  const hosts = createHosts(
    config,
    () => Date.now() + 60_000,
    () => undefined,
    { warn() {} },
  )
  const listedIn = (turns: number) => {
    vi.mocked(readdirSync).mockClear()
    for (let turn = 0; turn < turns; turn++) {
      hosts.registerConfigured()
      hosts.sync()
      hosts.adopt({ atOnce: false })
    }
    return vi
      .mocked(readdirSync)
      .mock.calls.map(([folder]) => basename(String(folder)))
      .sort()
  }
  expect(listedIn(2)).toContain('registry')
  expect(listedIn(10)).toEqual([])
  rmSync(root, { recursive: true, force: true })
})
