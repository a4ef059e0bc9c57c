import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate for this machine alone, and the file of the authority that has signed it. */
export interface LocalCertificate {
  readonly key: Buffer
  readonly cert: Buffer
  readonly authorityFile: string
}

/** Makes an authority that nobody trusts unless told so, and by it a certificate for `localhost`. */
export function localCertificate(folder: string): LocalCertificate {
  const at = (name: string) => join(folder, name)
  const newKey = (name: string, common: string) => [
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', at(name), '-subj', `/CN=${common}`],
  ]
  openssl([
    'req',
    '-x509',
    ...newKey('ca.key', 'Test authority'),
    '-out',
    at('ca.pem'),
    '-days',
    '2',
  ])
  openssl(['req', ...newKey('host.key', 'localhost'), '-out', at('host.csr')])
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  openssl([
    ...['x509', '-req', '-in', at('host.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key')],
    ...['-CAcreateserial', '-out', at('host.pem'), '-days', '2', '-extfile', at('names')],
  ])
  const [key, cert] = [readFileSync(at('host.key')), readFileSync(at('host.pem'))]
  return { key, cert, authorityFile: at('ca.pem') }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' })
}
