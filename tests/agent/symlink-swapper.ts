import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The tenant in the race tests: as fast as it can it swaps a folder and a file for links that lead out, and
 * makes anew what was deleted meanwhile. Arguments: the server's folder, and the folder outside of it.
 */
const [root = '', outside = ''] = process.argv.slice(2)
const folders = { real: join(root, 'door'), trap: join(root, 'trap'), parked: join(root, 'parked') }
const files = { real: join(root, 'file'), trap: join(root, 'lure'), parked: join(root, 'aside') }

function stage(): void {
  for (const path of [...Object.values(folders), ...Object.values(files)]) {
    rmSync(path, { recursive: true, force: true })
  }
  mkdirSync(join(folders.real, 'sub'), { recursive: true })
  writeFileSync(join(folders.real, 'inner'), 'own')
  writeFileSync(join(folders.real, 'sub', 'deep'), 'own')
  symlinkSync(outside, folders.trap)
  writeFileSync(files.real, 'own')
  symlinkSync(join(outside, 'inner'), files.trap)
}

function swap({ real, trap, parked }: typeof folders): void {
  renameSync(real, parked)
  renameSync(trap, real)
  renameSync(real, trap)
  renameSync(parked, real)
}

stage()
process.stdout.write('swapping\n')
for (;;) {
  try {
    swap(folders)
    swap(files)
  } catch {
    // The other side deleted one of them, or wrote in its place.
    try {
      stage()
    } catch {
      // It did so again meanwhile; the next turn stages anew.
    }
  }
}
