/**
 * The bell: chokidar rings when something changed that may change a verdict; reading the files tells the truth.
 * It watches what is quiet (the inbox, the registry, silences, the server's pulse) and the `.host` files of silent hosts by
 * their paths. Never the folder of all hosts: each change in it would list it whole. So it would the registry, the
 * reports and what waits of errors: these are watched without chokidar.
 */
import { existsSync, watch as watchFolder } from 'node:fs'
import { basename } from 'node:path'
import { watch } from 'chokidar'
import { HOST_EXTENSION } from '../shared/host-file.ts'
import { type Log, reasonOf } from '../shared/log.ts'
import { isHostName } from '../shared/names.ts'
import type { DataPaths } from '../shared/paths.ts'
import { isServerPulse } from '../shared/pulse.ts'

/** Of two changes within 50 ms the second rings no bell: so whatever rang is read once more after a while. */
const ECHO_MS = 80

export interface Bell {
  /** Ring also when this host is heard, from now on. @returns false if there is no such file to watch */
  listenFor(hostFile: string): boolean
  ignore(hostFile: string): void
  close(): Promise<void>
}

export interface Rung {
  /** A host whose file changed. */
  readonly host?: string
  readonly registry?: boolean
  /** Whose registration it was; without it any may have changed. */
  readonly registered?: string
  /** Who says something else of itself: no reason to look at once. */
  readonly reported?: string
  readonly silences?: boolean
  /** Applications reported errors. */
  readonly errors?: boolean
}

export async function hangBell(paths: DataPaths, ring: (rung: Rung) => void, log: Log): Promise<Bell> {
  const options = { ignoreInitial: true, persistent: true, ignorePermissionErrors: true }
  let echo: NodeJS.Timeout | undefined
  let echoing: Rung[] = []
  let closed = false
  const strike = (rung: Rung) => {
    if (closed) return
    // There may be a flood of errors: the echo, which takes many at once, is soon enough for them.
    if (!rung.errors) ring(rung)
    if (!rung.errors || !echoing.some(({ errors }) => errors)) echoing.push(rung)
    echo ??= setTimeout(() => {
      const again = echoing
      echo = undefined
      echoing = []
      for (const rung of again) ring(rung)
    }, ECHO_MS)
  }
  const report = (name: string | undefined) => {
    if (name !== undefined && !closed) ring({ reported: name })
  }
  const complain = (error: unknown) => log.warn(`watching failed: ${reasonOf(error)}: slower looks take its place`)

  // Whole folders are watched without their files, which would cost memory each: `raw` tells that something moved.
  const watchedFolders = [paths.inbox, paths.silences, paths.alive]
  const folders = watch(watchedFolders, { ...options, depth: 0, ignored: (path) => !watchedFolders.includes(path) })
  folders.on('raw', (_event, name, details) => {
    const { watchedPath } = details as { watchedPath?: string }
    if (watchedPath === paths.alive && !isServerPulse(name)) return
    strike({ silences: watchedPath === paths.silences })
  })
  const files = watch([], { ...options, ignored: (path) => path === paths.hosts })
  files.on('all', (_event, path) => strike({ host: basename(path, HOST_EXTENSION) }))
  for (const watcher of [folders, files]) watcher.on('error', complain)
  const large = [
    watchLarge(paths.registry, (file) => strike({ registry: true, registered: nameIn(file) }), complain),
    watchLarge(paths.reports, (file) => report(nameIn(file)), complain),
    watchLarge(paths.inboxErrors, () => strike({ errors: true }), complain),
  ]
  await new Promise<void>((ready) => folders.once('ready', ready))

  return {
    // Without a file chokidar would watch its folder instead, which is the one thing not to do.
    listenFor: (hostFile) => {
      if (!existsSync(hostFile)) return false
      files.add(hostFile)
      return true
    },
    ignore: (hostFile) => {
      files.unwatch(hostFile)
    },
    close: async () => {
      closed = true
      clearTimeout(echo)
      for (const unwatch of large) unwatch()
      await Promise.all([folders.close(), files.close()])
    },
  }
}

/** `undefined` for what is not about a host: something became of the folder itself. */
function nameIn(file: string | null): string | undefined {
  const name = file?.endsWith('.json') ? basename(file, '.json') : undefined
  return isHostName(name) ? name : undefined
}

/** @returns what ends it */
function watchLarge(
  folder: string,
  changed: (file: string | null) => void,
  complain: (error: unknown) => void,
): () => void {
  try {
    // What is being written has a dot in front until it is done.
    const watcher = watchFolder(folder, (_event, file) => file?.startsWith('.') || changed(file))
    watcher.on('error', complain)
    return () => watcher.close()
  } catch (error) {
    complain(error)
    return () => {}
  }
}
