import type { RuntimeFacts } from '../contract/protocol/frames.ts'
import { type Finding, fail, ok, warn } from './doctor/finding.ts'
import { checkFirewall, checkPolicy, checkRunning, checkSpace } from './doctor/machine.ts'
import { checkPanel } from './doctor/panel.ts'
import { checkCgroup, checkNode, checkRunc } from './doctor/versions.ts'
import { peekIdentity } from './identity.ts'
import { reasonOf } from './log.ts'
import type { Runtime } from './runtime/runtime.ts'

export interface DoctorParts {
  readonly nodeVersion: string
  /** What starts an agent on this machine. */
  readonly start: string
  readonly dataDir: string
  readonly policyFile: string
  /** Null: the one that was joined. */
  readonly panel: string | null
  readonly runtime: Pick<Runtime, 'facts'>
  readonly now: () => number
}

/** Checks everything that an agent needs on this machine. Changes nothing. */
export async function examine(parts: DoctorParts): Promise<Finding[]> {
  const { dataDir, policyFile, nodeVersion } = parts
  const card = readable(() => peekIdentity(dataDir))
  return [
    checkNode(nodeVersion),
    ...(await checkEngine(parts.runtime)),
    await checkSpace(dataDir),
    checkFirewall(),
    checkPolicy(policyFile, dataDir),
    card?.nodeId == null
      ? warn('joined', 'This machine is no node yet. Make a join token in Admin > Nodes.')
      : ok('joined', `Node ${card.nodeId} of ${card.panel ?? 'a panel'}`),
    checkRunning(dataDir, parts.start),
    ...(await checkPanel(parts.panel ?? card?.panel ?? null, parts.now)),
  ]
}

/** The findings as lines, with a mark that stands out without colours. */
export function printed(findings: readonly Finding[]): string {
  const marks = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' }
  const lines = findings.map(
    ({ level, name, text }) => `${marks[level]}  ${name.padEnd(9)} ${text}`,
  )
  return `${lines.join('\n')}\n`
}

async function checkEngine(runtime: Pick<Runtime, 'facts'>): Promise<Finding[]> {
  const facts = await factsOf(runtime)
  if (typeof facts === 'string') return [fail('engine', facts)]
  const { engine, runc, cgroup, warnings } = facts
  if (engine === null) {
    const reason = warnings.join(' ')
    return [
      fail('engine', `No container engine answers. Install or start Docker. ${reason}`.trim()),
    ]
  }
  return [
    ok('engine', `${engine.name} ${engine.version}`),
    checkRunc(runc),
    checkCgroup(cgroup),
    // What is said of runc has its own line.
    ...warnings.filter((text) => !text.startsWith('runc ')).map((text) => warn('engine', text)),
  ]
}

async function factsOf(runtime: Pick<Runtime, 'facts'>): Promise<RuntimeFacts | string> {
  try {
    return await runtime.facts()
  } catch (error) {
    return `The container engine does not answer: ${reasonOf(error)}`
  }
}

/** A directory that may not be read is told of by the check of the agent. */
function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
