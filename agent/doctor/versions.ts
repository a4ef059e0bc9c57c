import { type Finding, fail, ok, warn } from './finding.ts'

/** The first version with everything that the agent needs: SQLite without a flag, and zstd. */
const oldestNode = [22, 15] as const

export function checkNode(version: string): Finding {
  const [major, minor] = numbersOf(version)
  const isNewEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  if (isNewEnough) return ok('node', `Node.js ${version}`)
  return fail('node', `Node.js ${version} is too old: install ${oldestNode.join('.')} or later.`)
}

/**
 * Known ways out of a container (CVE-2024-21626, CVE-2025-31133, CVE-2025-52565, CVE-2025-52881) are closed
 * from 1.2.8, 1.3.3 and 1.4 on.
 */
export function checkRunc(version: string | null): Finding {
  if (version === null) return warn('runc', 'The engine does not say which runc it uses.')
  const [major, minor, patch] = numbersOf(version)
  const fixedIn = minor === 2 ? 8 : minor === 3 ? 3 : minor > 3 ? 0 : Number.POSITIVE_INFINITY
  if (major > 1 || (major === 1 && patch >= fixedIn)) return ok('runc', `runc ${version}`)
  return warn(
    'runc',
    `runc ${version} lets containers escape (CVE-2025-31133 and others): update the engine's runc ` +
      'to 1.2.8, 1.3.3 or later.',
  )
}

export function checkCgroup(version: 'v1' | 'v2' | 'unknown'): Finding {
  switch (version) {
    case 'v2':
      return ok('cgroup', 'cgroup v2')
    case 'v1':
      return warn('cgroup', 'cgroup v1 works, but its limits are coarser: v2 is better.')
    case 'unknown':
      return warn('cgroup', 'The engine does not say which cgroup version it uses.')
  }
}

function numbersOf(version: string): [major: number, minor: number, patch: number] {
  const [, major = '0', minor = '0', patch = '0'] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  return [Number(major), Number(minor), Number(patch)]
}
