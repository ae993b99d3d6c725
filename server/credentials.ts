/** The one user and password that all endpoints share, as HTTP Basic authentication sends them. */
import { createHash, timingSafeEqual } from 'node:crypto'

const BASIC = /^basic +([A-Za-z0-9+/_-]+=*) *$/i

export interface Credentials {
  /** How long it takes tells nothing about how much of it was right. */
  fit(authorization: string): boolean
}

export function basicCredentials(user: string, password: string): Credentials {
  const pair = `${user}:${password}`
  const expected = Buffer.from(`Basic ${Buffer.from(pair).toString('base64')}`)
  // Some clients (python-requests) encode what is not ASCII as Latin-1. A pair that Latin-1 cannot hold has one form only.
  const latin1 = Buffer.from(pair, 'latin1')
  const forms = [Buffer.from(pair), ...(latin1.toString('latin1') === pair ? [latin1] : [])].map(digest)

  return {
    fit(authorization) {
      const given = Buffer.from(authorization, 'latin1')
      // Nearly always they are the same to the byte; only the length, which any client knows, decides early.
      if (given.length === expected.length && timingSafeEqual(given, expected)) return true
      const encoded = BASIC.exec(authorization)?.[1]
      if (encoded === undefined) return false
      const found = digest(Buffer.from(encoded, 'base64'))
      return forms.reduce((fits, form) => timingSafeEqual(found, form) || fits, false)
    },
  }
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
