import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { imageLabels, importImage } from '../docker/images.ts'
import { makeDebianRoot } from './debian-root.ts'

/** Made on this machine, so its name is one that no registry answers to. */
export const openttdImage = 'catalyst/openttd:local'

/** The shell and the small tools are for install scripts. */
const packages = ['openttd', 'openttd-opengfx', 'bash', 'dash', 'coreutils']

/** What a dedicated server never opens: a third of the size. */
const leaveOut = [
  './usr/share/doc/*',
  './usr/share/man/*',
  './usr/share/locale/*',
  './usr/share/X11/*',
  './usr/share/fonts/*',
  './usr/share/sounds/*',
  './usr/lib/*/gconv/*',
]

const changes = ['USER 10001:10001', 'WORKDIR /data', 'ENV HOME=/data PATH=/usr/games:/usr/bin']

const recipe = createHash('sha256')
  .update(JSON.stringify([packages, leaveOut, changes]))
  .digest('hex')
  .slice(0, 12)

/**
 * Gives the engine the image of an OpenTTD server, made from this machine's Debian packages and
 * without a registry: half a minute the first time, two seconds from the tar file kept in
 * `cacheFolder`, nothing when the engine has it already. Rejects where there is no apt.
 */
export async function ensureOpenttdImage(
  cacheFolder: string,
  say: (line: string) => void,
): Promise<void> {
  const labels = await imageLabels(openttdImage)
  if (labels?.['catalyst.recipe'] === recipe) return
  const folder = resolve(cacheFolder)
  await mkdir(folder, { recursive: true })
  const tarFile = join(folder, `openttd-${process.arch}-${recipe}.tar`)
  if (!existsSync(tarFile)) {
    await makeDebianRoot(tarFile, { packages, leaveOut, workIn: folder, say })
  }
  say(`Importing ${openttdImage}`)
  await importImage(tarFile, openttdImage, [...changes, `LABEL catalyst.recipe=${recipe}`])
}
