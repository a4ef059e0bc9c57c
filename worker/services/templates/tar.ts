/** A file of an archive. */
export interface ArchiveFile {
  readonly path: string
  readonly bytes: Uint8Array
}

const block = 512
const text = new TextDecoder()

/**
 * Reads the plain files of a tar: POSIX with its long names (`path` of an extended header), and GNU's.
 * @throws when it ends in the middle of a file or header, or a header's own checksum is wrong
 */
export function readTar(bytes: Uint8Array): ArchiveFile[] {
  const files: ArchiveFile[] = []
  let longName: string | null = null
  for (let at = 0; at < bytes.length; ) {
    const header = bytes.subarray(at, at + block)
    if (header.length < block) throw new Error('an unexpected end')
    if (header.every((byte) => byte === 0)) break
    if (!hasChecksum(header)) throw new Error('a wrong checksum')
    const size = octal(header, 124, 12)
    const from = at + block
    if (from + size > bytes.length) throw new Error('an unexpected end')
    const content = bytes.subarray(from, from + size)
    const type = String.fromCharCode(header[156] ?? 0)
    if (type === 'L') longName = cut(text.decode(content))
    else if (type === 'x') longName = pathOf(text.decode(content)) ?? longName
    else {
      const path: string = longName ?? nameIn(header)
      if (type === '0' || type === '\0' || type === '7') files.push({ path, bytes: content })
      longName = null
    }
    at = from + Math.ceil(size / block) * block
  }
  return files
}

function nameIn(header: Uint8Array): string {
  const name = stringIn(header, 0, 100)
  const prefix = stringIn(header, 257, 6).startsWith('ustar') ? stringIn(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Records of an extended header: "<length> <key>=<value>\n". */
function pathOf(records: string): string | null {
  const [, path] = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(records) ?? []
  return path ?? null
}

function stringIn(header: Uint8Array, from: number, length: number): string {
  return cut(text.decode(header.subarray(from, from + length)))
}

function cut(padded: string): string {
  const end = padded.indexOf('\0')
  return end < 0 ? padded : padded.slice(0, end)
}

function octal(header: Uint8Array, from: number, length: number): number {
  const digits = stringIn(header, from, length).trim()
  if (!/^[0-7]{1,11}$/.test(digits)) throw new Error('a size that is no number')
  return Number.parseInt(digits, 8)
}

/** The sum of the header's bytes, its own field counted as blanks. */
function hasChecksum(header: Uint8Array): boolean {
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0)
  return octal(header, 148, 8) === sum
}
