import { resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Agent, startAgent } from '../../agent/agent.ts'
import { enrol } from '../../agent/enrol.ts'
import { type Identity, openIdentity } from '../../agent/identity.ts'
import { createLog } from '../../agent/log.ts'
import { NodePolicy } from '../../agent/policy.ts'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import type { CommandResult } from '../../contract/protocol/commands.ts'
import type { DesiredServer, ServerSpec } from '../../contract/protocol/spec.ts'
import { FakePanel, joinToken } from '../support/fake-panel.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'
import { MemoryEngine, type MemoryProgram } from '../support/memory-engine.ts'
import { memoryRuntime } from '../support/memory-runtime.ts'
import { aDesired, aSpec, newOperationId } from '../support/server-fixtures.ts'
import { temporaryDir } from '../support/temporary-dir.ts'
import { until } from '../support/until.ts'

/** One agent's process. */
export interface AgentProcess {
  readonly identity: Identity
  readonly clock: ManualClock
  readonly log: string[]
  /** Ends it as SIGTERM does. */
  close(): Promise<void>
  /** As `kill -9`: whatever it was doing never comes to an end. */
  kill(): void
}

export interface AgentWorld {
  readonly panel: FakePanel
  readonly engine: MemoryEngine
  readonly dataDir: string
  /** The clock of the agent that was started last. */
  clock(): ManualClock
  /** Starts an agent on the world's data directory and waits until the panel has welcomed it. */
  start(change?: { readonly bootId?: string }): Promise<AgentProcess>
}

/** A panel, an engine and a data directory that outlive the agents that are started in between. */
export async function agentWorld(): Promise<AgentWorld> {
  const panel = await FakePanel.open()
  const engine = new MemoryEngine()
  const dataDir = temporaryDir()
  let newest = manualClock()
  panel.onPoll = () => newest.advance(20)
  return {
    panel,
    engine,
    dataDir,
    clock: () => newest,
    start: async ({ bootId = 'boot-1' } = {}) => {
      const clock = manualClock(newest)
      newest = clock
      const runtime = memoryRuntime(engine)
      const lines: string[] = []
      const identity = openIdentity(dataDir)
      if (identity.nodeId === null) await enrol(identity, panel.url, joinToken)
      const welcomed = panel.of('observed_end').length
      let gone = false
      const agent: Agent = await startAgent({
        dataDir,
        panel: panel.url,
        identity,
        policy: NodePolicy.parse({ dataRoots: [dataDir] }),
        runtime,
        clock,
        random: () => 0.5,
        log: createLog({
          format: 'human',
          verbose: true,
          now: clock.now,
          write: (line) => lines.push(line),
        }),
        bootId,
        isRoot: false,
        program: resolve('agent/main.ts'),
      })
      const close = async () => {
        if (gone) return
        gone = true
        await agent.close()
      }
      onTestFinished(close)
      await panel.untilWelcomed(welcomed + 1)
      return {
        close,
        identity,
        clock,
        log: lines,
        kill: () => {
          gone = true
          clock.kill()
          runtime.kill()
          panel.cut()
        },
      }
    },
  }
}

/** A game that says when it is ready, repeats what is typed, and ends on its stop command. */
export const game: MemoryProgram = (process) => {
  process.print('Map generated, starting game')
  process.onLine((line) => {
    process.print(`you said ${line}`)
    if (line === 'exit') process.exit(0)
    if (line === 'crash') process.exit(139)
  })
}

export const gameSpec = aSpec({ ready: ['starting game'] })

export interface InstalledWorld extends AgentWorld {
  readonly server: DesiredServer
  readonly first: AgentProcess
}

/** A world with one agent and one installed server of the game. */
export async function installedWorld(spec: ServerSpec = gameSpec): Promise<InstalledWorld> {
  const world = await agentWorld()
  world.engine.program(spec.image, game)
  const server = aDesired({ spec })
  world.panel.want(server)
  const first = await world.start()
  await resultOf(world, orderInstall(world.panel, server.serverId))
  return { ...world, server, first }
}

/** Sends the command, as the object does; the same id and number again is the same command. */
export function orderInstall(
  panel: FakePanel,
  serverId: ServerId,
  { id = newOperationId(), seq = 1, wipe = false } = {},
): OperationId {
  panel.send({
    type: 'command',
    id,
    seq,
    command: { type: 'server.install', serverId, wipe },
    deadlineInMs: null,
    low: 1,
  })
  return id
}

export function orderInput(panel: FakePanel, serverId: ServerId, line: string, seq = 2) {
  const id = newOperationId()
  panel.send({
    type: 'command',
    id,
    seq,
    command: { type: 'console.input', serverId, line },
    deadlineInMs: 600_000,
    low: 1,
  })
  return id
}

/**
 * The result of a command, once it was told. Moves the newest agent's clock on meanwhile: a last report of
 * progress waits for its turn.
 */
export async function resultOf(
  { panel, clock }: Pick<AgentWorld, 'panel' | 'clock'>,
  id: OperationId,
  times = 1,
): Promise<CommandResult | undefined> {
  const answers = () => panel.of('done').filter((frame) => frame.id === id)
  await until(() => {
    if (answers().length >= times) return true
    clock().advance(50)
    return false
  }, `${times} results of ${id}`)
  return answers()[times - 1]?.result
}
