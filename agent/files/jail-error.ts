/** Why an operation on a server's files was not done. */
export type JailFault =
  /** Not a path below the server's folder: absolute, `..`, NUL, too long or too deep. */
  | 'bad_path'
  | 'not_found'
  | 'exists'
  /** A link is neither followed nor read, wherever it points. */
  | 'is_link'
  | 'not_a_folder'
  /** A folder, a device, a FIFO or a socket stands where a file is needed. */
  | 'not_a_file'
  | 'too_large'
  /** Somebody goes on changing what is to be removed. */
  | 'busy'
  /** The disk or the quota is full. */
  | 'disk_full'
  | 'failed'

/** The message names the path as its owner knows it, below the server's folder. */
export class JailError extends Error {
  override name = 'JailError'
  readonly fault: JailFault

  constructor(fault: JailFault, path: string, options?: ErrorOptions) {
    const code = fault === 'failed' ? codeOf(options?.cause) : null
    const reason = code === null ? '' : ` (${code})`
    super(`${path === '' ? 'The folder' : path} ${words[fault]}${reason}.`, options)
    this.fault = fault
  }
}

const words: Readonly<Record<JailFault, string>> = {
  bad_path: "is no path inside of the server's folder",
  not_found: 'is not there',
  exists: 'is there already',
  is_link: 'is a link, or lies behind one; links are not followed',
  not_a_folder: 'is no folder',
  not_a_file: 'is no regular file',
  too_large: 'is too large',
  busy: 'is being changed by somebody else',
  disk_full: 'does not fit on the disk',
  failed: 'could not be used',
}

const faults: Readonly<Record<string, JailFault>> = {
  ENOENT: 'not_found',
  EEXIST: 'exists',
  ELOOP: 'is_link',
  ENOTDIR: 'not_a_folder',
  EISDIR: 'not_a_file',
  ENOTEMPTY: 'busy',
  ENAMETOOLONG: 'bad_path',
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
}

/** The kernel's reason in our words. What it says of paths are descriptor numbers, which tell nobody anything. */
export function jailErrorOf(error: unknown, path: string): JailError {
  if (error instanceof JailError) return new JailError(error.fault, path, { cause: error.cause })
  return new JailError(faults[codeOf(error) ?? ''] ?? 'failed', path, { cause: error })
}

/** The kernel's code, such as `ENOENT`. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
