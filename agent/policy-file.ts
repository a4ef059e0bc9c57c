import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { NodePolicy } from './policy.ts'

export const defaultPolicyFile = '/etc/catalyst/policy.json'

export interface PolicyFileOptions {
  /** Used as the only data root when the file names none. Absolute. */
  readonly dataRoot: string
  /** Whether the file must belong to root and be writable by nobody else. Only tests say no. */
  readonly checkOwner: boolean
}

/** The policy file cannot be trusted or understood; the message says what to do about it. */
export class PolicyError extends Error {
  override name = 'PolicyError'
}

/**
 * Reads the node's policy; the safe default when there is no file.
 * @throws {PolicyError} on a file that others could have written, that is not JSON, or with unknown
 *   fields
 */
export function readPolicy(file: string, options: PolicyFileOptions): NodePolicy {
  const text = readTrusted(resolve(file), options.checkOwner)
  const policy = parsePolicy(file, text ?? '{}')
  return policy.dataRoots.length > 0
    ? policy
    : { ...policy, dataRoots: [resolve(options.dataRoot)] }
}

function parsePolicy(file: string, text: string): NodePolicy {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new PolicyError(`${file} is not JSON: ${String(error)}`, { cause: error })
  }
  const parsed = NodePolicy.safeParse(value)
  if (parsed.success) return parsed.data
  throw new PolicyError(`${file} is not a node policy:\n${z.prettifyError(parsed.error)}`)
}

/**
 * The file's text, null when it does not exist. The open file is checked, so it cannot be swapped.
 */
function readTrusted(file: string, checkOwner: boolean): string | null {
  const fd = openIfThere(file)
  if (fd === null) return null
  try {
    if (checkOwner) {
      requireRootOwned(file, fstatSync(fd))
      requireRootOwned(dirname(file), statSync(dirname(file)))
    }
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

function openIfThere(file: string): number | null {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new PolicyError(`${file} cannot be read: ${String(error)}`, { cause: error })
  }
}

function requireRootOwned(path: string, stat: { readonly uid: number; readonly mode: number }) {
  const others = 0o022
  if (stat.uid === 0 && (stat.mode & others) === 0) return
  throw new PolicyError(
    `${path} must belong to root and be writable by root alone, or it bounds nothing. ` +
      `Run: chown root:root ${path} && chmod go-w ${path}`,
  )
}
