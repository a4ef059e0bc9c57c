import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A secret of this installation, made on first use and kept in a file that only its owner may read.
 * @returns the secret and the file it stands in
 */
export function secretIn(dataDir: string, name: string): { value: string; file: string } {
  const folder = join(dataDir, 'secrets')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, name)
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  }
  return { value: readFileSync(file, 'utf8').trim(), file }
}
