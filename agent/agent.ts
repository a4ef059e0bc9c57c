import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Agent, type AgentPorts, type AgentStores, assembleAgent } from './assemble.ts'
import { keepFacts } from './facts.ts'
import { openConfigEditor } from './files/config/editor.ts'
import { createConsoleStore } from './servers/console-store.ts'
import { createDataDirs } from './servers/data-dir.ts'
import { openSocket } from './socket.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { createDesiredStore } from './storage/desired-store.ts'
import { createJournalStore } from './storage/journal-store.ts'
import { createServerStore } from './storage/server-store.ts'

/** What an agent is built from. Its data directory is locked by the caller. */
export interface AgentParts extends Omit<AgentPorts, 'stores' | 'facts' | 'dial' | 'openEditor'> {
  readonly dataDir: string
  readonly panel: string
  readonly isRoot: boolean
  /** The agent's own program file. */
  readonly program: string
}

export type { Agent } from './assemble.ts'

/** Opens the data directory and starts the agent on it. */
export async function startAgent(parts: AgentParts): Promise<Agent> {
  const { log, identity, runtime, dataDir, panel, isRoot, program } = parts
  identity.boot()
  const facts = await keepFacts(runtime, dataDir, log)
  const { database, stores } = openStores(parts)
  const agent = await assembleAgent({
    ...parts,
    facts,
    stores,
    openEditor: (uid) => openConfigEditor({ program, uid: isRoot ? uid : null }),
    dial: (handlers) => openSocket(panel, identity, handlers),
  })
  return {
    close: async () => {
      await agent.close()
      database.close()
    },
  }
}

function openStores({ dataDir, clock, log, isRoot }: AgentParts): {
  readonly database: Database
  readonly stores: AgentStores
} {
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
  const stores = {
    journal: createJournalStore(database),
    desired: createDesiredStore(database),
    servers,
    console: createConsoleStore(database),
    dirs,
  }
  return { database, stores }
}
