import { Gunzip, Unzip, UnzipInflate } from 'fflate'
import { invalidField } from '../invalid.ts'
import { type ArchiveFile, readTar } from './tar.ts'

/** What an archive may become when it is unpacked: in bytes, but for the count. */
export const archiveBounds = {
  files: 500,
  file: 1024 * 1024,
  all: 48 * 1024 * 1024,
  /** Text shrinks to a tenth or so; more than this is no text. */
  ratio: 60,
}

/** Bytes that are unpacked at once, so that what they become is seen before it is much. */
const step = 4096

/**
 * Reads the files of a zip or tar.gz that may be templates, by the ends of their names.
 * @throws `invalid_input` for another kind of file, a broken one, or one that becomes too large
 */
export function readArchive(bytes: Uint8Array): ArchiveFile[] {
  const budget = budgetFor(bytes.length)
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return told(() => unzip(bytes, budget))
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return told(() => untar(bytes, budget))
  throw invalidField('archive', 'This is neither a zip nor a tar.gz.')
}

class Refused extends Error {
  override name = 'Refused'
}

function told(read: () => ArchiveFile[]): ArchiveFile[] {
  try {
    return read()
  } catch (error) {
    const why = error instanceof Refused ? error.message : 'The archive is broken.'
    throw invalidField('archive', why)
  }
}

/** Counts what comes out. @throws Refused when it is more than an archive of this size may become */
function budgetFor(packed: number) {
  const most = Math.min(archiveBounds.all, packed * archiveBounds.ratio + 65_536)
  let spent = 0
  return (count: number) => {
    spent += count
    if (spent > most) throw new Refused('It becomes too large when it is unpacked.')
  }
}

type Budget = ReturnType<typeof budgetFor>

function isWanted(path: string): boolean {
  return /\.(json|ya?ml)$/i.test(path) && !/(^|\/)(\.|__MACOSX\/)/.test(path)
}

function unzip(bytes: Uint8Array, spend: Budget): ArchiveFile[] {
  const files: { path: string; parts: Uint8Array[] }[] = []
  const reader = new Unzip((entry) => {
    if (!isWanted(entry.name)) return
    const file = { path: entry.name, parts: [] as Uint8Array[] }
    if (files.push(file) > archiveBounds.files) throw new Refused(tooMany)
    let size = 0
    entry.ondata = (error, data) => {
      if (error) throw error
      spend(data.length)
      size += data.length
      if (size > archiveBounds.file) throw new Refused(`${entry.name} is too large.`)
      file.parts.push(data.slice())
    }
    entry.start()
  })
  reader.register(UnzipInflate)
  inSteps(bytes, (part, last) => reader.push(part, last))
  return files.map(({ path, parts }) => ({ path, bytes: joined(parts) }))
}

const tooMany = `It holds more than ${archiveBounds.files} files that may be templates.`

function untar(bytes: Uint8Array, spend: Budget): ArchiveFile[] {
  const parts: Uint8Array[] = []
  const reader = new Gunzip((data) => {
    spend(data.length)
    parts.push(data.slice())
  })
  inSteps(bytes, (part, last) => reader.push(part, last))
  const files = readTar(joined(parts)).filter(({ path }) => isWanted(path))
  if (files.length > archiveBounds.files) throw new Refused(tooMany)
  const large = files.find((file) => file.bytes.length > archiveBounds.file)
  if (large !== undefined) throw new Refused(`${large.path} is too large.`)
  return files
}

function inSteps(bytes: Uint8Array, push: (part: Uint8Array, last: boolean) => void): void {
  for (let at = 0; at < bytes.length; at += step) {
    push(bytes.subarray(at, at + step), at + step >= bytes.length)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
