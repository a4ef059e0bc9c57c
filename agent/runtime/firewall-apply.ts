import { existsSync } from 'node:fs'
import type { NodePolicy } from '../policy.ts'
import {
  firewallScript,
  forwardChain,
  hookRule,
  type IpVersion,
  inputChain,
  refuseChain,
} from './firewall.ts'
import { type RunProgram, runProgram } from './run-program.ts'

/**
 * The node's packet filter, as far as it is ours. Answers are a warning for the admin, or null: all
 * is well.
 */
export interface Firewall {
  /** Sets the rules, whatever was there of ours. */
  apply(): Promise<string | null>
  /** Whether rules could be set, without setting any. */
  check(): Promise<string | null>
  /** Takes our rules out again. */
  remove(): Promise<void>
}

const programs: Readonly<Record<IpVersion, string>> = { 4: 'iptables', 6: 'ip6tables' }

/** Another program may hold the tables' lock; seconds. */
const wait = ['-w', '5']

export function createFirewall(policy: NodePolicy, run: RunProgram = runProgram): Firewall {
  const versions: readonly IpVersion[] = existsSync('/proc/net/if_inet6') ? [4, 6] : [4]
  const each = async (work: (version: IpVersion) => Promise<string | null>) => {
    const found = await Promise.all(
      versions.map(async (version) => ({ version, reason: await work(version) })),
    )
    const failures = found.filter(({ reason }) => reason !== null)
    if (failures.length === 0) return null
    return warning(failures.map(({ version, reason }) => `${programs[version]}: ${reason}`))
  }
  return {
    apply: () => each((version) => apply(policy, run, version)),
    check: () => each(async (version) => reasonIn(await list(run, version, 'INPUT'))),
    remove: async () => void (await each((version) => remove(run, version))),
  }
}

function warning(failures: readonly string[]): string {
  const details = failures.join('; ').slice(0, 300)
  return `Containers are not kept from this node and its networks: no firewall rules (${details}).`
}

async function apply(
  policy: NodePolicy,
  run: RunProgram,
  version: IpVersion,
): Promise<string | null> {
  const script = firewallScript(policy, version)
  const restored = await run(`${programs[version]}-restore`, [...wait, '--noflush'], script)
  return (
    reasonIn(restored) ??
    (await hookFirst(run, version, await forwardParent(run, version), forwardChain)) ??
    (await hookFirst(run, version, 'INPUT', inputChain))
  )
}

/**
 * The engine keeps a chain for rules of others; without it they go to where it would be called
 * from.
 */
async function forwardParent(run: RunProgram, version: IpVersion): Promise<string> {
  return (await list(run, version, 'DOCKER-USER')).code === 0 ? 'DOCKER-USER' : 'FORWARD'
}

/** A rule that stands before ours could accept what ours refuses, so ours is put first. */
async function hookFirst(
  run: RunProgram,
  version: IpVersion,
  parent: string,
  chain: string,
): Promise<string | null> {
  const before = await hooksIn(run, version, parent, chain)
  if (before[0] !== 1) {
    const inserted = await call(run, version, '-I', parent, '1', ...hookRule(chain))
    if (inserted.code !== 0) return reasonIn(inserted)
  }
  const after = await hooksIn(run, version, parent, chain)
  // From the last one on, so that the numbers of the others stay.
  for (const number of after.slice(1).reverse()) {
    await call(run, version, '-D', parent, String(number))
  }
  return null
}

/** The places, counted from 1, of the rules in `parent` that call our chain. */
async function hooksIn(
  run: RunProgram,
  version: IpVersion,
  parent: string,
  chain: string,
): Promise<number[]> {
  const { stdout } = await list(run, version, parent)
  const rules = stdout.split('\n').filter((line) => line.startsWith('-A '))
  return rules.flatMap((rule, index) => (rule.endsWith(`-j ${chain}`) ? [index + 1] : []))
}

async function remove(run: RunProgram, version: IpVersion): Promise<null> {
  const hooks = [
    ['DOCKER-USER', forwardChain],
    ['FORWARD', forwardChain],
    ['INPUT', inputChain],
  ] as const
  for (const [parent, chain] of hooks) {
    for (const number of (await hooksIn(run, version, parent, chain)).reverse()) {
      await call(run, version, '-D', parent, String(number))
    }
  }
  for (const chain of [forwardChain, inputChain, refuseChain]) {
    await call(run, version, '-F', chain)
    await call(run, version, '-X', chain)
  }
  return null
}

function list(run: RunProgram, version: IpVersion, chain: string) {
  return call(run, version, '-S', chain)
}

function call(run: RunProgram, version: IpVersion, ...args: string[]) {
  return run(programs[version], [...wait, ...args])
}

function reasonIn({ code, stderr }: { code: number | null; stderr: string }): string | null {
  return code === 0 ? null : (stderr.split('\n')[0] ?? `exit code ${code}`)
}
