import { isOldRunc } from '../runtime/docker-facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** The first version with everything that the agent needs: SQLite without a flag, and zstd. */
const oldestNode = [22, 15] as const

export function checkNode(version: string): Finding {
  const [major, minor] = numbersOf(version)
  const isNewEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  if (isNewEnough) return ok('node', `Node.js ${version}`)
  return fail('node', `Node.js ${version} is too old: install ${oldestNode.join('.')} or later.`)
}

export function checkRunc(version: string | null): Finding {
  if (version === null)
    return warn('runc', 'The engine does not say which runc it uses. See: runc --version')
  if (!isOldRunc(version)) return ok('runc', `runc ${version}`)
  return warn(
    'runc',
    `runc ${version} lets containers escape (CVE-2025-31133 and others). Update it to 1.2.8, 1.3.3 or ` +
      'later; with Docker’s own packages it is in containerd.io.',
  )
}

export function checkCgroup(version: 'v1' | 'v2' | 'unknown'): Finding {
  switch (version) {
    case 'v2':
      return ok('cgroup', 'cgroup v2')
    case 'v1':
      return warn(
        'cgroup',
        'cgroup v1 works, but its limits are coarser. For v2, boot with ' +
          'systemd.unified_cgroup_hierarchy=1.',
      )
    case 'unknown':
      return warn('cgroup', 'The engine does not say which cgroup version it uses. Update it.')
  }
}

function numbersOf(version: string): [major: number, minor: number] {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? []
  return [Number(major), Number(minor)]
}
