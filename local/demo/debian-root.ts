import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram } from '../docker/gather-facts.ts'
import { runPiped, runProgram } from '../run-program.ts'
import { downloadPackages } from './apt-packages.ts'

export type DebianRoot = {
  readonly packages: readonly string[]
  /** Paths that are left out, as patterns of tar: `./usr/share/doc/*`. */
  readonly leaveOut: readonly string[]
  /** An existing folder for what is made on the way. */
  readonly workIn: string
  readonly say: (line: string) => void
}

/**
 * Makes a tar file of a small Debian root that holds the packages, without root rights and without
 * running any of their scripts. Rejects where there is no apt, and when a package is missing.
 */
export async function makeDebianRoot(tarFile: string, options: DebianRoot): Promise<void> {
  for (const program of ['apt-get', 'dpkg-deb', 'tar']) {
    if (findProgram(program, process.env) !== null) continue
    throw new Error(`the demo image is made of Debian packages, and there is no ${program} here`)
  }
  const folder = await mkdtemp(join(options.workIn, 'debian-'))
  try {
    options.say(`Downloading ${options.packages.join(', ')} and what they need`)
    const archives = await downloadPackages(options.packages, folder)
    options.say(`Unpacking ${archives.length} packages`)
    const root = join(folder, 'root')
    await makeSkeleton(root)
    const exclude = options.leaveOut.flatMap((path) => ['--exclude', path])
    const unpack = ['-x', '-C', root, '--keep-directory-symlink', '--no-same-owner', ...exclude]
    for (const archive of archives) {
      await runPiped(['dpkg-deb', '--fsys-tarfile', archive], ['tar', ...unpack])
    }
    await writeUsers(root)
    const draft = join(folder, 'root.tar')
    // Servers run under ids of their own, so all must be readable whatever our umask was.
    const plain = ['--owner=0', '--group=0', '--mode=u+rwX,go+rX,go-w']
    await runProgram('tar', ['-C', root, ...plain, '-cf', draft, '.'])
    await rename(draft, tarFile)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The folders that packages expect: since Debian 12 `/bin` and its like are links into `/usr`. */
async function makeSkeleton(root: string): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', name), { recursive: true })
    await symlink(`usr/${name}`, join(root, name))
  }
  for (const name of ['data', 'etc', 'tmp']) await mkdir(join(root, name))
}

/** Game servers run under ids of their own; a name for one is only a courtesy to programs. */
async function writeUsers(root: string): Promise<void> {
  const users = ['root:x:0:0:root:/root:/bin/sh', 'server:x:10001:10001::/data:/bin/sh']
  await writeFile(join(root, 'etc/passwd'), `${users.join('\n')}\n`)
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nserver:x:10001:\n')
}
