/** The last lines of what a job wrote, for whoever is told that it failed. Holds little, however much it writes. */
import { stripVTControlCharacters } from 'node:util'

const LINES = 20
const CHARACTERS = 4000
/** In a form each byte may take three, and the server takes 32 KiB. */
const BYTES = 8000

export class LastWords {
  #parts: Buffer[] = []
  #size = 0

  add(part: Buffer): void {
    // A copy of what is needed: a piece would keep the whole of it in memory.
    const last = part.length > BYTES ? Buffer.from(part.subarray(-BYTES)) : part
    this.#parts.push(last)
    this.#size += last.length
    while (this.#size - this.#parts[0]!.length >= BYTES) this.#size -= this.#parts.shift()!.length
  }

  text(): string {
    const written = stripVTControlCharacters(Buffer.concat(this.#parts).toString()).trimEnd()
    const characters = [...written.split('\n').slice(-LINES).join('\n')]
    let from = characters.length
    for (let size = 0; from > 0 && characters.length - from < CHARACTERS; from--) {
      size += Buffer.byteLength(characters[from - 1]!)
      if (size > BYTES) break
    }
    return characters.slice(from).join('')
  }
}
