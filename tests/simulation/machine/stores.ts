import type { AgentStores } from '../../../agent/assemble.ts'
import type { Jail } from '../../../agent/files/jail.ts'
import type { Identity } from '../../../agent/identity.ts'
import type { ConsoleStore } from '../../../agent/servers/console-store.ts'
import type { DataDirs } from '../../../agent/servers/data-dir.ts'
import type { JournalStore } from '../../../agent/storage/journal-store.ts'
import type { ServerId } from '../../../contract/ids.ts'
import { nodeIdNo } from '../platform/object-code.ts'
import { type AgentDatabase, type Disk, linesKept } from './disk.ts'

/**
 * Does one write as its process does it: it may die before or after, or the disk may be full.
 * @throws when the process is dead or the disk takes nothing
 */
export type Write = (change: () => void) => void

export type JournalWatcher = (row: Parameters<JournalStore['save']>[0]) => void

/** The agent's stores on a simulated disk. What a call wrote is on disk when it returns. */
export function storesOn(
  disk: Disk,
  database: AgentDatabase,
  write: Write,
  onJournal: JournalWatcher,
): AgentStores {
  return {
    journal: {
      load: () => [...database.journal.values()].sort((one, other) => one.seq - other.seq),
      save: (row) =>
        write(() => {
          database.journal.set(row.id, row)
          onJournal(row)
        }),
      drop: (ids) =>
        write(() => {
          for (const id of ids) database.journal.delete(id)
        }),
      isTrusted: () => database.isTrusted,
      trust: () =>
        write(() => {
          database.isTrusted = true
        }),
      distrust: () =>
        write(() => {
          database.isTrusted = false
        }),
    },
    desired: {
      load: () => [...database.desired.values()],
      save: (kept) => write(() => database.desired.set(kept.server.serverId, kept)),
      drop: (serverId) => write(() => database.desired.delete(serverId)),
    },
    servers: {
      load: () => new Map(database.servers),
      save: (serverId, memory) => write(() => database.servers.set(serverId, memory)),
      drop: (serverId) => write(() => database.servers.delete(serverId)),
      uidOf: (serverId) => {
        const known = database.uids.get(serverId)
        if (known !== undefined) return known
        const uid = 2_000_000_001 + database.uids.size
        write(() => database.uids.set(serverId, uid))
        return uid
      },
      adoptUid: () => {},
    },
    console: consoleOn(database, write),
    dirs: foldersOn(disk, write),
  }
}

function consoleOn(database: AgentDatabase, write: Write): ConsoleStore {
  const linesOf = (serverId: ServerId) => database.lines.get(serverId) ?? []
  return {
    serverIds: () => [...database.lines.keys()],
    lastSeq: (serverId) => linesOf(serverId).at(-1)?.seq ?? 0,
    append: (lines, positions) =>
      write(() => {
        for (const { serverId, line } of lines) {
          const known = database.lines.get(serverId)
          if (known === undefined) database.lines.set(serverId, [line])
          else known.push(line)
          if (known !== undefined && known.length > linesKept) known.shift()
        }
        for (const position of positions) database.positions.set(position.containerId, position)
      }),
    after: (serverId, seq, limit) =>
      linesOf(serverId)
        .filter((line) => line.seq > seq)
        .slice(0, limit),
    before: (serverId, seq, limit) =>
      linesOf(serverId)
        .filter((line) => line.seq < seq)
        .slice(-limit),
    positionOf: (containerId) => database.positions.get(containerId)?.position ?? null,
    keepPositions: (containerIds) =>
      write(() => {
        for (const id of database.positions.keys()) {
          if (!containerIds.includes(id)) database.positions.delete(id)
        }
      }),
    forget: (serverId) =>
      write(() => {
        database.lines.delete(serverId)
        for (const [id, position] of database.positions) {
          if (position.serverId === serverId) database.positions.delete(id)
        }
      }),
  }
}

function foldersOn(disk: Disk, write: Write): DataDirs {
  const change = async (work: () => void) => write(work)
  return {
    root: '/srv',
    filesOf: (serverId) => `/srv/${serverId}`,
    ensure: (serverId) =>
      change(() => {
        if (!disk.folders.has(serverId)) disk.folders.set(serverId, false)
      }),
    jailOf: () => emptyJail,
    wipe: async () => {},
    give: async () => {},
    remove: (serverId) => change(() => disk.folders.delete(serverId)),
    markInstalled: (serverId, installed) => change(() => disk.folders.set(serverId, installed)),
    isInstalled: (serverId) => disk.folders.get(serverId) ?? false,
    owners: () => [],
  }
}

/** Servers write nothing here, so there is nothing to measure; and no spec names a configuration file. */
const emptyJail: Jail = {
  stat: unused,
  list: unused,
  read: unused,
  create: unused,
  replace: unused,
  makeFolder: unused,
  remove: unused,
  give: unused,
  walk: async () => true,
}

function unused(): never {
  throw new Error('no simulated server has files')
}

/** The agent's identity in a file of its own, written through at each change. */
export function identityOn(disk: Disk, write: Write): Identity {
  const save = (change: Partial<Disk['card']>) =>
    write(() => {
      disk.card = { ...disk.card, ...change }
    })
  return {
    get machineId() {
      return disk.card.machineId
    },
    get publicKey() {
      return disk.card.key
    },
    nodeId: nodeIdNo(1),
    panel: 'https://panel.example',
    get bootNo() {
      return disk.card.bootNo
    },
    get connNo() {
      return disk.card.connNo
    },
    boot: () => save({ bootNo: disk.card.bootNo + 1 }),
    dialling: (connNo) => save({ connNo }),
    enrolled: () => {},
    sign: () => signatureWith(disk.card.key),
  }
}

/** 64 bytes that begin with the key, as the simulated check of signatures wants it. */
function signatureWith(key: string): string {
  return Buffer.concat([Buffer.from(key, 'base64'), Buffer.alloc(32)]).toString('base64')
}

/** A node's n-th key: 32 bytes in base64. */
export function keyNo(n: number): string {
  return Buffer.alloc(32, n).toString('base64')
}
