import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from './figures.ts'

const kilobyte = 1000

/** What a browser loads before it can show anything, and what the platform loads to answer. */
export function sizes(): Figure[] {
  const page = readFileSync('dist/web/index.html', 'utf8')
  const files = Array.from(page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g), (match) =>
    join('dist/web', match[1] ?? ''),
  )
  return [
    figure('first load', 'script and style of the first page, gzipped', files, 250),
    figure('worker size', 'Worker with its objects, gzipped', ['dist/worker/index.js'], 400),
  ]
}

function figure(name: string, what: string, files: readonly string[], limit: number): Figure {
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)
  return { name, what, value: bytes / kilobyte, unit: 'kB', reference: null, limit }
}
