/** Every dialect that the server understands. The first that matches a request has it. */
import type { Dialect } from './dialect.ts'
import { monitora } from './monitora.ts'

export const dialects: readonly Dialect[] = [monitora]
