import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const maxLogBytes = 10 * 1024 * 1024
const maxLineLength = 8 * 1024

export type LineLog = {
  readonly write: (source: string, line: string) => void
  /** Reads a stream to its end, line by line; `seen` gets each line too. */
  readonly follow: (source: string, stream: Readable, seen: (line: string) => void) => void
}

/**
 * A log file that several children share, each line with its time and source. At 10 MiB the file is
 * put aside as `<file>.1`, in place of the one before.
 */
export function openLineLog(file: string): LineLog {
  mkdirSync(dirname(file), { recursive: true })
  let bytes = existsSync(file) ? statSync(file).size : 0

  function write(source: string, line: string): void {
    const text = `${new Date().toISOString()} [${source}] ${line.slice(0, maxLineLength)}\n`
    if (bytes > maxLogBytes) {
      renameSync(file, `${file}.1`)
      bytes = 0
    }
    appendFileSync(file, text, { mode: 0o600 })
    bytes += text.length
  }

  function follow(source: string, stream: Readable, seen: (line: string) => void): void {
    createInterface({ input: stream }).on('line', (line) => {
      write(source, line)
      seen(line)
    })
  }

  return { write, follow }
}
