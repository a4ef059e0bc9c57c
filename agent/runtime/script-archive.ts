/** Where an installation finds its script. */
export const scriptPath = '/mnt/install/install.sh'

const blockSize = 512

/**
 * A tar archive, to be unpacked at the container's root, that holds the installation's script. It
 * travels as an archive because an argument could not be longer than 128 KiB. Line ends become
 * those of Unix: scripts from Windows editors would fail in their first line.
 */
export function scriptArchive(script: string): Buffer {
  const content = Buffer.from(script.replaceAll('\r\n', '\n'))
  const padding = Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize)
  const end = Buffer.alloc(2 * blockSize)
  return Buffer.concat([
    header('mnt/', 'folder', 0),
    header('mnt/install/', 'folder', 0),
    header(scriptPath.slice(1), 'file', content.length),
    content,
    padding,
    end,
  ])
}

/** A ustar header: owner root, mode 0755, no time. */
function header(name: string, kind: 'file' | 'folder', size: number): Buffer {
  const block = Buffer.alloc(blockSize)
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`
  block.write(name, 0)
  block.write(octal(0o755, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write(' '.repeat(8), 148)
  block.write(kind === 'folder' ? '5' : '0', 156)
  block.write('ustar\0' + '00', 257)
  const checksum = block.reduce((sum, byte) => sum + byte, 0)
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
