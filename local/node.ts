import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { LineLog } from './processes/line-log.ts'
import { restartSoon } from './processes/restart-delay.ts'
import { type SupervisedChild, superviseChild } from './processes.ts'
import { runProgram } from './run-program.ts'

const bundle = 'dist/agent/agent.mjs'

export interface LocalNode {
  readonly panelUrl: URL
  readonly dataDir: string
  readonly pidFile: string
  readonly log: LineLog
}

/** The node that this machine's agent has joined; null before it has. */
export function joinedNode(dataDir: string): string | null {
  const file = join(dataDir, 'identity.json')
  if (!existsSync(file)) return null
  const identity = z
    .object({ nodeId: z.string().nullable().optional() })
    .safeParse(JSON.parse(readFileSync(file, 'utf8')))
  return identity.success ? (identity.data.nodeId ?? null) : null
}

/** Lets the agent join with a token, as it does on any other machine. */
export async function joinPanel(node: LocalNode, token: string): Promise<void> {
  await runProgram(process.execPath, [bundle, 'join', ...whereIts(node)], {
    env: { ...process.env, CATALYST_JOIN_TOKEN: token },
  })
}

/** Runs the agent and keeps it running; game servers are not its children and outlive it. */
export function startAgent(node: LocalNode): SupervisedChild {
  return superviseChild({
    name: 'agent',
    program: process.execPath,
    args: () => [bundle, 'run', '--die-with-parent', ...whereIts(node)],
    env: process.env,
    log: node.log,
    pidFile: node.pidFile,
    restart: restartSoon,
    stopWithinMs: 10_000,
    saysReady: false,
  })
}

function whereIts(node: LocalNode): string[] {
  mkdirSync(node.dataDir, { recursive: true, mode: 0o700 })
  return [
    '--panel',
    node.panelUrl.origin,
    '--data',
    node.dataDir,
    '--policy',
    join(node.dataDir, 'policy.json'),
    '--log',
    'human',
  ]
}
