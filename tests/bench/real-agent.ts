import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Agent, startAgent } from '../../agent/agent.ts'
import { systemClock } from '../../agent/clock.ts'
import { enrol } from '../../agent/enrol.ts'
import { openIdentity } from '../../agent/identity.ts'
import { createLog } from '../../agent/log.ts'
import { NodePolicy } from '../../agent/policy.ts'
import type { NodeId } from '../../contract/ids.ts'
import type { MemoryEngine } from '../support/memory-engine.ts'
import { memoryRuntime } from '../support/memory-runtime.ts'
import { makeNode, type Panel } from './bench-agent.ts'

/** A node whose agent is the real one, on its own disk; only the engine is in memory. */
export interface RealNode {
  readonly nodeId: NodeId
  /** Starts the agent on what the last one left. */
  start(): Promise<Agent>
  /** Deletes the agent's folder. */
  remove(): void
}

export async function realNode(panel: Panel, engine: MemoryEngine): Promise<RealNode> {
  const { nodeId, token } = await makeNode(panel, 'real agent')
  const dataDir = await mkdtemp(join(tmpdir(), 'catalyst-bench-'))
  await enrol(openIdentity(dataDir), panel.url.href, token)
  const clock = systemClock()
  return {
    nodeId,
    start: () =>
      startAgent({
        dataDir,
        panel: panel.url.href,
        identity: openIdentity(dataDir),
        policy: NodePolicy.parse({ dataRoots: [dataDir] }),
        runtime: memoryRuntime(engine),
        clock,
        random: Math.random,
        log: createLog({
          format: 'human',
          verbose: false,
          now: clock.now,
          write: (line) => {
            if (/error/i.test(line)) process.stderr.write(line)
          },
        }),
        bootId: 'bench',
        isRoot: false,
        program: resolve('agent/main.ts'),
      }),
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}
