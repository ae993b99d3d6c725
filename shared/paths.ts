/**
 * Where everything lies in the data folder, and the making of it.
 * The folder is the only thing the processes share: `ls` and `cat` show a running system.
 */
import { accessSync, chmodSync, constants, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isMissing, replaceFile } from './files.ts'

/** The layout this version writes. An older folder would be migrated, a newer one is refused. */
const FORMAT = 1

export interface DataPaths {
  readonly root: string
  readonly format: string
  readonly hosts: string
  readonly reports: string
  readonly registry: string
  readonly tokens: string
  readonly pingKey: string
  readonly badges: string
  readonly inbox: string
  /** Of what applications report: what waits here may be a flood. */
  readonly inboxErrors: string
  readonly state: string
  readonly stateHosts: string
  readonly stateSites: string
  readonly stateThreads: string
  readonly journal: string
  readonly history: string
  readonly errors: string
  readonly outbox: string
  readonly failed: string
  readonly silences: string
  readonly alive: string
  readonly absences: string
}

export class DataFolderError extends Error {}

/**
 * @param root the data folder
 * @param hosts where the `.host` files are, when that is elsewhere (an original installation's PATH)
 */
export function dataPaths(root: string, hosts = join(root, 'hosts')): DataPaths {
  return {
    root,
    format: join(root, 'format'),
    hosts,
    reports: join(root, 'reports'),
    registry: join(root, 'registry'),
    tokens: join(root, 'tokens'),
    pingKey: join(root, 'ping-key.json'),
    badges: join(root, 'badges.json'),
    inbox: join(root, 'inbox'),
    inboxErrors: join(root, 'inbox', 'errors'),
    state: join(root, 'state'),
    stateHosts: join(root, 'state', 'hosts'),
    stateSites: join(root, 'state', 'sites'),
    stateThreads: join(root, 'state', 'threads'),
    journal: join(root, 'state', 'journal.jsonl'),
    history: join(root, 'history'),
    errors: join(root, 'errors'),
    outbox: join(root, 'outbox'),
    failed: join(root, 'outbox', 'failed'),
    silences: join(root, 'silences'),
    alive: join(root, 'alive'),
    absences: join(root, 'alive', 'absences'),
  }
}

/** The folders in which files are replaced: what a killed process was writing stays there. */
export function foldersWritten(paths: DataPaths): string[] {
  const { root, hosts, reports, registry, tokens, inbox, inboxErrors, silences, alive } = paths
  return [root, hosts, reports, registry, tokens, inbox, inboxErrors, silences, alive]
}

/**
 * Makes what is missing, `format` first. Harmless when repeated or when two processes do it at once.
 * @throws DataFolderError in words for the person who starts the process
 */
export function prepareDataFolder(paths: DataPaths): void {
  try {
    for (const folder of [paths.hosts, paths.root]) mkdirSync(folder, { recursive: true, mode: 0o750 })
    const found = readFormat(paths.format)
    if (found === undefined) replaceFile(paths.format, `${FORMAT}\n`)
    else if (found !== FORMAT) {
      throw new DataFolderError(
        `${paths.root}: its format is ${found}, this version knows ${FORMAT}: it was written by another version of Monitora (use that one, or another folder)`,
      )
    }
    const { reports, registry, tokens, inbox, inboxErrors, stateHosts, stateSites, stateThreads, silences } = paths
    const folders = [reports, registry, tokens, inbox, inboxErrors, stateHosts, stateSites, stateThreads, silences]
    for (const folder of [...folders, paths.history, paths.errors, paths.failed, paths.absences])
      mkdirSync(folder, { recursive: true, mode: 0o750 })
    chmodSync(paths.root, 0o750)
    replaceFile(join(paths.alive, '.writable'), '\n')
  } catch (error) {
    if (error instanceof DataFolderError) throw error
    const { code = String(error), path = paths.root } = error as NodeJS.ErrnoException
    // Of a folder that cannot be made, Node says that it is not there: why stands with the folder above.
    const why = code === 'ENOENT' ? (refusalOf(dirname(path)) ?? code) : code
    throw new DataFolderError(`${path}: cannot be written: ${why} (give this user the folder, or change data:)`)
  }
}

/** @returns why nothing can be made in the nearest folder that there is */
function refusalOf(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK)
    return undefined
  } catch (error) {
    if (isMissing(error) && dirname(folder) !== folder) return refusalOf(dirname(folder))
    return (error as NodeJS.ErrnoException).code
  }
}

function readFormat(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
