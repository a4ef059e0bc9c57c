import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import { type Connection, createConnection, type Outgoing } from './connection.ts'
import { createDispatch } from './dispatch.ts'
import { type FactKeeper, keepFacts } from './facts.ts'
import type { Identity } from './identity.ts'
import { createLanes } from './lanes.ts'
import { type Log, reasonOf } from './log.ts'
import { allows, type NodePolicy } from './policy.ts'
import type { Runtime } from './runtime/runtime.ts'
import { createBook } from './servers/book.ts'
import { createConsole } from './servers/console.ts'
import { createDataDirs, type DataDirs } from './servers/data-dir.ts'
import { createFleet } from './servers/fleet.ts'
import { createInputExecutor } from './servers/input.ts'
import { createInstallExecutor } from './servers/install.ts'
import { createResources } from './servers/resources.ts'
import type { ServerDeps } from './servers/server-deps.ts'
import { createTypist } from './servers/typist.ts'
import { createSession } from './session.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { createDesiredStore } from './storage/desired-store.ts'
import { createJournalStore } from './storage/journal-store.ts'
import { createServerStore, type ServerStore } from './storage/server-store.ts'
import { agentVersion } from './version.ts'

/** What an agent is built from. Its data directory is locked by the caller. */
export interface AgentParts {
  readonly dataDir: string
  readonly panel: string
  readonly identity: Identity
  readonly policy: NodePolicy
  readonly runtime: Runtime
  readonly clock: Clock
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  readonly log: Log
  /** The kernel's id of this boot. */
  readonly bootId: string
  readonly isRoot: boolean
}

/** As many commands as a hello may name. */
const mostInflight = 4096

export interface Agent {
  /** Ends cleanly; servers keep running. */
  close(): Promise<void>
}

/**
 * Builds the agent and sets it going: settle what was under way, look at the engine, then connect. The
 * parts know each other by what they were given here, and there is no other state.
 */
export async function startAgent(parts: AgentParts): Promise<Agent> {
  const { clock, log, identity, runtime, dataDir, bootId } = parts
  identity.boot()
  const closing = new AbortController()
  const facts = await keepFacts(runtime, dataDir, log)
  const stores = openStores(parts)

  // The link is built last, since it tells what all others know; nobody sends before it is up.
  let connection: Connection | null = null
  const send = (frame: Outgoing) => connection?.send(frame) ?? false
  const servers = buildServers(parts, stores, send, closing.signal)
  const lanes = createLanes()
  const dispatch = createDispatch({
    store: createJournalStore(stores.database),
    executors: {
      'server.install': createInstallExecutor(servers),
      'console.input': createInputExecutor(servers),
    },
    lanes,
    clock,
    log,
    bootId,
    send,
    // An agent that was started before and has no database has lost it.
    journalLost: stores.fresh && identity.bootNo > 1,
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
      panel: parts.panel,
      identity,
      clock,
      random: parts.random,
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
  return {
    close: async () => {
      closing.abort()
      resources.pause()
      await link.stop()
      await Promise.all([dispatch.close(), fleet.close()])
      await servers.console.close()
      stores.database.close()
    },
  }
}

interface Stores {
  readonly database: Database
  /** There was none, or it could not be read. */
  readonly fresh: boolean
  readonly dirs: DataDirs
  readonly servers: ServerStore
}

function openStores({ dataDir, clock, log, isRoot }: AgentParts): Stores {
  const path = join(dataDir, 'agent.sqlite')
  const existed = existsSync(path)
  const { database, movedAside } = openDatabase(path, String(clock.now()))
  if (movedAside !== null) {
    log.error('the database was damaged; a new one was begun', { movedTo: movedAside })
  }
  const fresh = !existed || movedAside !== null
  const dirs = createDataDirs(dataDir, isRoot)
  const servers = createServerStore(database)
  // After a lost database the files say which user ids are taken.
  if (fresh) for (const { serverId, uid } of dirs.owners()) servers.adoptUid(serverId, uid)
  return { database, fresh, dirs, servers }
}

function buildServers(
  { runtime, clock, log, bootId, policy }: AgentParts,
  { database, dirs, servers }: Stores,
  send: (frame: Outgoing) => boolean,
  closing: AbortSignal,
): ServerDeps {
  return {
    book: createBook({
      desired: createDesiredStore(database),
      servers,
      clock,
      log,
      looksInstalled: dirs.isInstalled,
      report: (observed) => send({ type: 'observed', observed }),
    }),
    console: createConsole({
      database,
      runtime,
      clock,
      log,
      send: (serverId, lines) => send({ type: 'console', serverId, lines: [...lines] }),
    }),
    runtime,
    typist: createTypist(runtime, clock),
    dirs,
    policy: (order) => allows(policy, order),
    clock,
    log,
    bootId,
    closing,
  }
}

async function tellFacts(facts: FactKeeper, send: (frame: Outgoing) => boolean, log: Log) {
  try {
    if (await facts.refresh()) send({ type: 'runtime', ...facts.current() })
  } catch (error) {
    log.warn('the machine could not be looked at', { reason: reasonOf(error) })
  }
}
