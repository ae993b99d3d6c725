/** Certificates that nobody but the test trusts, as the openssl command makes them: Node alone cannot. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const OPENSSL = 'openssl'

/** Where it is missing, tests that need a certificate are skipped. */
export const hasOpenssl = spawnSync(OPENSSL, ['version'], { stdio: 'ignore' }).status === 0

export interface CertificateFiles {
  readonly cert: string
  readonly key: string
  /** What a client has to trust. */
  readonly ca: Buffer
}

/** For `localhost` and 127.0.0.1, valid for so many days. */
export function makeCertificate(folder: string, name: string, days = 30): CertificateFiles {
  const [cert, key] = [join(folder, `${name}.cert.pem`), join(folder, `${name}.key.pem`)]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', String(days)]
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync(OPENSSL, ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert, key, ca: readFileSync(cert) }
}
