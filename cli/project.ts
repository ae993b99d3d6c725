/** Where this installation lies. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Compiled or not, a file lies at a different depth; the package it belongs to does not. */
export function projectFolder(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : projectFolder(dirname(folder))
}
