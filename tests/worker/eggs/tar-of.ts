const block = 512

/** A tar of files, with names beyond 100 characters as POSIX or GNU write them. */
export function tarOf(
  files: Readonly<Record<string, Uint8Array>>,
  longNames: 'posix' | 'gnu',
): Uint8Array {
  const parts = [entry('eggs/', '5', new Uint8Array())]
  for (const [path, bytes] of Object.entries(files)) {
    if (path.length > 100) parts.push(longNames === 'gnu' ? gnuName(path) : posixName(path))
    parts.push(entry(path.slice(0, 100), '0', bytes))
  }
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(2 * block)]))
}

function gnuName(path: string): Uint8Array {
  return entry('././@LongLink', 'L', Buffer.from(`${path}\0`))
}

function posixName(path: string): Uint8Array {
  const record = ` path=${path}\n`
  const length = record.length + String(record.length + 3).length
  return entry('PaxHeader', 'x', Buffer.from(`${length}${record}`))
}

function entry(name: string, type: string, bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(block)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write(' '.repeat(8), 148)
  header.write(type, 156)
  header.write('ustar\0' + '00', 257)
  const sum = header.reduce((all, byte) => all + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = new Uint8Array((block - (bytes.length % block)) % block)
  return Buffer.concat([header, bytes, padding])
}
