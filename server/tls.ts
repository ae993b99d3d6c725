/**
 * The certificate and key that make the one port speak https: read, tried before they are used, and read again when
 * their files change, as they do at each renewal. What a file holds is never said, only what is wrong with it.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../shared/config/load.ts'
import { ConfigError } from '../shared/config/problems.ts'
import { versionOf } from '../shared/files.ts'
import { type Log, reasonOf } from '../shared/log.ts'

/** Programs that renew do it a month before the end: this late, they have failed for weeks. */
const ENDS_SOON_MS = 7 * 86_400_000
const SAY_EVERY_MS = 86_400_000
const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file (a path that does not begin with / is meant from the folder of this configuration)',
  EACCES: 'this user may not read it (copy it to where it may, at each renewal: docs/deployment.md)',
  EISDIR: 'is a folder, expected a file',
}

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
  readonly validUntilAt: number
  /** Changes when either file does. */
  readonly stamp: string
}

/** What is in use, and the configuration that names it. */
interface InUse {
  readonly config: TlsConfig
  readonly certificate: Certificate | undefined
}

type TlsConfig = Pick<Config, 'file' | 'server'>

/**
 * @returns `undefined` when the configuration names none
 * @throws ConfigError when it cannot be used: unreadable, no certificate, no key, or the key of another certificate
 */
export function readCertificate(config: TlsConfig): Certificate | undefined {
  const files = filesOf(config)
  if (!files) return undefined
  const wrong = (name: 'cert' | 'key', what: string) =>
    new ConfigError(config.file, [{ path: `server.tls.${name}`, text: `${files[name]}: ${what}` }])
  const read = (name: 'cert' | 'key') => {
    try {
      return readFileSync(files[name])
    } catch (error) {
      throw wrong(name, ADVICE[(error as NodeJS.ErrnoException).code ?? ''] ?? reasonOf(error))
    }
  }

  const stamp = stampOfPair(files)
  const cert = read('cert')
  const key = read('key')
  let x509: X509Certificate
  let opened: KeyObject
  try {
    x509 = new X509Certificate(cert)
  } catch {
    throw wrong('cert', 'expected a certificate in PEM, the one of this box first (fullchain.pem)')
  }
  try {
    opened = createPrivateKey(key)
  } catch {
    throw wrong('key', 'expected a private key in PEM, without a passphrase (privkey.pem)')
  }
  if (!x509.checkPrivateKey(opened)) throw wrong('key', `is not the key of ${files.cert}`)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    // Such as a key that is too short, or a garbled certificate further down.
    throw wrong('cert', `cannot be used: ${reasonOf(error)}`)
  }
  return { cert, key, validUntilAt: Date.parse(x509.validTo), stamp }
}

/**
 * The certificate for a configuration that was edited. One that names the same files keeps what is in use: whether these
 * were replaced, and are any good, is the business of the renewal, and nothing else that was edited has to wait for it.
 * @throws ConfigError when another is meant, and cannot be used
 */
export function certificateFor(next: TlsConfig, { config, certificate }: InUse): Certificate | undefined {
  const same = certificate && isDeepStrictEqual(filesOf(next), filesOf(config))
  return same ? certificate : readCertificate(next)
}

/**
 * To be called before the files are read.
 * @returns whether they have changed since, and stand still: to be asked each second
 */
export function watchFiles(config: TlsConfig): () => boolean {
  const files = filesOf(config)
  if (!files) return () => false
  const before = stampOfPair(files)
  let last = before
  return () => {
    const previous = last
    last = stampOfPair(files)
    return last !== before && last === previous
  }
}

export interface RenewalDeps {
  readonly current: () => InUse
  readonly renew: (certificate: Certificate) => void
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly log: Pick<Log, 'info' | 'error'>
}

/**
 * Sees that the files were replaced, through the links that some programs put there, and that they were not in time. A
 * pair is read once both files stand still, for they are replaced one after the other; one that cannot be used is
 * refused loudly, and the one from before stays.
 * @returns the function that looks, to be called each second
 */
export function createRenewal({ current, renew, now, log }: RenewalDeps): () => void {
  let seen: string | undefined
  let refused: string | undefined
  let said: { readonly certificate: Certificate; readonly at: number } | undefined

  function sayValidity(certificate: Certificate): void {
    const at = now()
    const endsSoon = certificate.validUntilAt < at + ENDS_SOON_MS
    if (said?.certificate === certificate && !(endsSoon && at - said.at >= SAY_EVERY_MS)) return
    said = { certificate, at }
    const until = new Date(certificate.validUntilAt).toISOString().slice(0, 10)
    if (certificate.validUntilAt < at)
      log.error(`the certificate was valid until ${until}: clients refuse it (renew it)`)
    else if (endsSoon) log.error(`the certificate is valid until ${until} only (renew it)`)
    else log.info(`speaks https; the certificate is valid until ${until}`)
  }

  return () => {
    const { config, certificate } = current()
    const files = filesOf(config)
    if (!files || !certificate) return
    sayValidity(certificate)
    const before = seen
    seen = stampOfPair(files)
    if (seen === certificate.stamp || seen === refused || seen !== before) return
    try {
      const next = readCertificate(config)
      if (next) renew(next)
    } catch (error) {
      refused = seen
      log.error(`${reasonOf(error)}; the certificate from before stays in use`)
    }
  }
}

function filesOf({ file, server: { tls } }: TlsConfig): { readonly cert: string; readonly key: string } | undefined {
  const folder = dirname(file)
  return tls && { cert: resolve(folder, tls.cert), key: resolve(folder, tls.key) }
}

function stampOfPair({ cert, key }: { readonly cert: string; readonly key: string }): string {
  return [cert, key].map((file) => `${file} ${versionOf(file)}`).join('\n')
}
