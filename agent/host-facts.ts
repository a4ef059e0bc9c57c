import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import os from 'node:os'
import type { HostFacts } from '../contract/protocol/frames.ts'

const mebibyte = 1024 * 1024

/** What this machine is. @param dataDir whose disk counts */
export async function hostFacts(dataDir: string): Promise<HostFacts> {
  const disk = await statfs(dataDir)
  return {
    hostname: os.hostname().slice(0, 255),
    os: osName().slice(0, 200),
    arch: os.arch(),
    kernel: `${os.type()} ${os.release()}`.slice(0, 200),
    cpus: Math.max(1, os.availableParallelism()),
    memoryMb: Math.floor(os.totalmem() / mebibyte),
    diskMb: Math.floor((disk.blocks * disk.bsize) / mebibyte),
    diskFreeMb: Math.floor((disk.bavail * disk.bsize) / mebibyte),
    addresses: ownAddresses(os.networkInterfaces()),
  }
}

/** The distribution's own name for itself, where it gives one (os-release). */
function osName(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8')
    return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? os.type()
  } catch {
    return os.type() // Not every system has the file.
  }
}

/** Bridges and cables of containers: nobody reaches the machine by these from outside. */
const forContainers = /^(docker|br-|veth|virbr|cni|ct-)/

type Interfaces = NodeJS.Dict<readonly Pick<os.NetworkInterfaceInfo, 'address' | 'internal'>[]>

/** Addresses by which others may reach this machine; link-local ones mean nothing without their link. */
export function ownAddresses(interfaces: Interfaces): string[] {
  return Object.entries(interfaces)
    .filter(([name]) => !forContainers.test(name))
    .flatMap(([, list]) => list ?? [])
    .filter(({ address, internal }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
    .map(({ address }) => address)
    .slice(0, 256)
}
