import type { Clock } from './clock.ts'
import { type Connection, createConnection, type Outgoing } from './connection.ts'
import { createDispatch } from './dispatch.ts'
import type { FactKeeper } from './facts.ts'
import type { ConfigEditor } from './files/config/editor.ts'
import type { Identity } from './identity.ts'
import { createLanes } from './lanes.ts'
import { type Log, reasonOf } from './log.ts'
import { allows, type NodePolicy } from './policy.ts'
import type { Runtime } from './runtime/runtime.ts'
import { createBook } from './servers/book.ts'
import { createConsole } from './servers/console.ts'
import type { ConsoleStore } from './servers/console-store.ts'
import type { DataDirs } from './servers/data-dir.ts'
import { createDiskGauge } from './servers/disk-gauge.ts'
import { createFleet } from './servers/fleet.ts'
import { createInputExecutor } from './servers/input.ts'
import { createInstallExecutor } from './servers/install.ts'
import { createResources } from './servers/resources.ts'
import type { ServerDeps } from './servers/server-deps.ts'
import { createTypist } from './servers/typist.ts'
import { createSession } from './session.ts'
import type { Dial } from './socket.ts'
import type { DesiredStore } from './storage/desired-store.ts'
import type { JournalStore } from './storage/journal-store.ts'
import type { ServerStore } from './storage/server-store.ts'
import { agentVersion } from './version.ts'

/** What outlives the agent's process. */
export interface AgentStores {
  readonly journal: JournalStore
  readonly desired: DesiredStore
  readonly servers: ServerStore
  readonly console: ConsoleStore
  readonly dirs: DataDirs
}

/** Everything that the agent touches, so that its decisions run the same over any of it. */
export interface AgentPorts {
  readonly stores: AgentStores
  readonly facts: FactKeeper
  readonly dial: Dial
  readonly identity: Identity
  readonly policy: NodePolicy
  readonly runtime: Runtime
  /** Edits files that a server may have written, with that server's rights. */
  readonly openEditor: (uid: number) => ConfigEditor
  readonly clock: Clock
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  readonly log: Log
  /** The kernel's id of this boot. */
  readonly bootId: string
}

/** Between two looks at disk and engine, in milliseconds. */
const looksEvery = 300_000
/** As many commands as a hello may name. */
const mostInflight = 4096

export interface Agent {
  /** Ends cleanly; servers keep running. */
  close(): Promise<void>
}

/**
 * Puts the agent together and sets it going: settle what was under way, look at the engine, then connect.
 * The parts know each other by what they were given here, and there is no other state.
 */
export async function assembleAgent(ports: AgentPorts): Promise<Agent> {
  const { clock, log, identity, facts, stores, bootId } = ports
  const closing = new AbortController()

  // The link is built last, since it tells what all others know; nobody sends before it is up.
  let connection: Connection | null = null
  const send = (frame: Outgoing) => connection?.send(frame) ?? false
  const servers = buildServers(ports, send, closing.signal)
  const lanes = createLanes()
  const dispatch = createDispatch({
    store: stores.journal,
    executors: {
      'server.install': createInstallExecutor(servers),
      'console.input': createInputExecutor(servers),
    },
    lanes,
    clock,
    log,
    bootId,
    send,
    isFirstStart: identity.bootNo === 1,
  })
  const fleet = createFleet({
    ...servers,
    lanes,
    onRemoval: dispatch.cancelServer,
    onEngine: () => void tellFacts(facts, send, log),
  })
  const resources = createResources({
    ...servers,
    send: (samples) => send({ type: 'stats', samples }),
  })
  const link = createConnection(
    {
      dial: ports.dial,
      identity,
      clock,
      random: ports.random,
      log,
      helloFacts: () => ({
        bootId,
        agentVersion,
        ...facts.current(),
        inflight: dispatch.inflight().slice(0, mostInflight),
        desiredDigest: servers.book.digest(),
      }),
    },
    createSession({ ...servers, fleet, dispatch, resources, now: clock.now, send }),
  )
  connection = link

  dispatch.recover()
  await fleet.start()
  link.start()
  const stopLooking = lookAround(clock, () => tellFacts(facts, send, log))
  return {
    close: async () => {
      closing.abort()
      stopLooking()
      resources.pause()
      await link.stop()
      await Promise.all([dispatch.close(), fleet.close()])
      await servers.console.close()
    },
  }
}

function buildServers(
  { runtime, openEditor, clock, log, bootId, policy, stores }: AgentPorts,
  send: (frame: Outgoing) => boolean,
  closing: AbortSignal,
): ServerDeps {
  const { desired, servers, dirs } = stores
  return {
    book: createBook({
      desired,
      servers,
      clock,
      log,
      looksInstalled: dirs.isInstalled,
      report: (observed) => send({ type: 'observed', observed }),
    }),
    console: createConsole({
      store: stores.console,
      runtime,
      clock,
      log,
      send: (serverId, lines) => send({ type: 'console', serverId, lines: [...lines] }),
    }),
    runtime,
    typist: createTypist(runtime, clock),
    dirs,
    disks: createDiskGauge({ dirs, clock, log }),
    openEditor,
    policy: (order) => allows(policy, order),
    clock,
    log,
    bootId,
    closing,
  }
}

/** Looks at the machine again and again, for a disk fills without a word. @returns ends it */
function lookAround(clock: Clock, look: () => Promise<void>): () => void {
  let cancel = () => {}
  const later = () => {
    cancel = clock.after(looksEvery, () => void look().finally(later))
  }
  later()
  return () => cancel()
}

async function tellFacts(facts: FactKeeper, send: (frame: Outgoing) => boolean, log: Log) {
  try {
    if (await facts.refresh()) send({ type: 'runtime', ...facts.current() })
  } catch (error) {
    log.warn('the machine could not be looked at', { reason: reasonOf(error) })
  }
}
