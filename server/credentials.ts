/** The user and password that all endpoints share, as HTTP Basic authentication sends them; two passwords while one is replaced. */
import { createHash, timingSafeEqual } from 'node:crypto'

const BASIC = /^basic +([A-Za-z0-9+/_-]+=*) *$/i

export interface Credentials {
  /** How long it takes tells nothing about how much of it was right. */
  fit(authorization: string): boolean
}

export function basicCredentials(user: string, passwords: readonly string[]): Credentials {
  const pairs = passwords.map((password) => `${user}:${password}`)
  const expected = pairs.map((pair) => Buffer.from(`Basic ${Buffer.from(pair).toString('base64')}`))
  const given = expected.map(({ length }) => Buffer.alloc(length))
  const forms = pairs.flatMap(formsOf).map(digest)

  return {
    fit(authorization) {
      // Nearly always they are the same to the byte; only the length, which any client knows, decides early.
      for (const [index, form] of expected.entries()) {
        if (authorization.length !== form.length) continue
        given[index]!.write(authorization, 'latin1')
        if (timingSafeEqual(given[index]!, form)) return true
      }
      const encoded = BASIC.exec(authorization)?.[1]
      if (encoded === undefined) return false
      const found = digest(Buffer.from(encoded, 'base64'))
      return forms.reduce((fits, form) => timingSafeEqual(found, form) || fits, false)
    },
  }
}

/** Some clients (python-requests) encode what is not ASCII as Latin-1. A pair that Latin-1 cannot hold has one form only. */
function formsOf(pair: string): Buffer[] {
  const latin1 = Buffer.from(pair, 'latin1')
  return [Buffer.from(pair), ...(latin1.toString('latin1') === pair ? [latin1] : [])]
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
