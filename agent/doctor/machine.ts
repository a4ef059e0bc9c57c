import { accessSync, constants, existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lockHolder } from '../lock.ts'
import { reasonOf } from '../log.ts'
import { readPolicy } from '../policy-file.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const gibibyte = 1024 ** 3

/** Free space below which servers soon cannot be installed, and below which nothing works. */
const littleSpace = 10 * gibibyte
const noSpace = gibibyte

export async function checkSpace(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(existingPart(dataDir))
  const free = bavail * bsize
  const text = `${(free / gibibyte).toFixed(1)} GiB free at ${dataDir}`
  if (free < noSpace)
    return fail('disk', `Only ${text}. Make room, or join with --data on a larger disk.`)
  if (free < littleSpace)
    return warn('disk', `Only ${text}. Game servers need more: make room before adding one.`)
  return ok('disk', text)
}

/**
 * Whether an agent works in the directory, told by its lock: however it was started.
 * @param start what starts one here
 */
export function checkRunning(dataDir: string, start: string): Finding {
  if (!existsSync(dataDir)) return warn('agent', `${dataDir} does not exist yet. Join first.`)
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK)
    const holder = lockHolder(dataDir)
    if (holder !== null) return ok('agent', `Process ${holder} works in ${dataDir}`)
    return warn('agent', `No agent runs on ${dataDir}. Start it: ${start}`)
  } catch (error) {
    return fail('agent', `${dataDir} cannot be used: ${reasonOf(error)}. Run this as root.`)
  }
}

const programFolders = ['/usr/sbin', '/sbin', '/usr/bin', '/bin', '/usr/local/sbin']

export function checkFirewall(folders: readonly string[] = programFolders): Finding {
  const found = ['iptables', 'nft'].filter((name) =>
    folders.some((folder) => existsSync(join(folder, name))),
  )
  if (found.length > 0) return ok('firewall', found.join(', '))
  return warn(
    'firewall',
    'Neither iptables nor nft is here, so servers are not kept from private networks. ' +
      'Install one: apt-get install iptables',
  )
}

export function checkPolicy(file: string, dataDir: string): Finding {
  try {
    readPolicy(file, { dataRoot: dataDir, checkOwner: true })
    return ok('policy', existsSync(file) ? file : `No ${file}: the safe default holds`)
  } catch (error) {
    return fail('policy', reasonOf(error))
  }
}

/** The nearest folder on the way up that exists. */
function existingPart(path: string): string {
  return existsSync(path) ? path : existingPart(dirname(path))
}
