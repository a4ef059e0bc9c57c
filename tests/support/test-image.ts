import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDebianRoot } from '../../local/demo/debian-root.ts'
import { imageLabels, importImage } from '../../local/docker/images.ts'

/**
 * A shell and the usual small tools in 2 MB: busybox, whose shell runs its own tools without links
 * to them.
 */
export const testImage = 'catalyst/test:1'

const cacheFolder = join(import.meta.dirname, '../.cache')

/** Gives the engine the image for tests, without a registry. */
export async function ensureTestImage(): Promise<string> {
  if ((await imageLabels(testImage)) === null) {
    const changes = ['USER 10001:10001', 'ENV PATH=/usr/bin:/bin']
    await importImage(await testImageTar(), testImage, changes)
  }
  return testImage
}

/** The image's files as a tar, made from a Debian package once and kept. */
export async function testImageTar(): Promise<string> {
  await mkdir(cacheFolder, { recursive: true })
  const tarFile = join(cacheFolder, `busybox-${process.arch}.tar`)
  if (!existsSync(tarFile)) {
    await makeDebianRoot(tarFile, {
      packages: ['busybox-static'],
      leaveOut: ['./usr/share/*'],
      workIn: cacheFolder,
      say: () => undefined,
    })
  }
  return tarFile
}

/** A command that runs a shell script in the test image. */
export function shell(script: string): string[] {
  return ['busybox', 'sh', '-c', script]
}
