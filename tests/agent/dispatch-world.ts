import { join } from 'node:path'
import type { Outgoing } from '../../agent/connection.ts'
import { createDispatch, type Dispatch } from '../../agent/dispatch.ts'
import { type CommandContext, type Executors, succeeded } from '../../agent/executor.ts'
import { createLanes, type Lanes } from '../../agent/lanes.ts'
import { createLog } from '../../agent/log.ts'
import { openDatabase } from '../../agent/storage/database.ts'
import { createJournalStore, type JournalStore } from '../../agent/storage/journal-store.ts'
import type { OperationId } from '../../contract/ids.ts'
import type { Command, CommandResult } from '../../contract/protocol/commands.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'

/** What outlives the agent's process: the effects that commands had, by command id. */
export type Outside = Map<OperationId, number>

export interface DispatchWorld {
  readonly dispatch: Dispatch
  readonly clock: ManualClock
  readonly lanes: Lanes
  readonly sent: Outgoing[]
  /** Contexts of installs that run until `finish` is called. */
  readonly running: Map<OperationId, CommandContext>
  finish(id: OperationId, result?: CommandResult): void
  /** As `kill -9`: nothing of this process has any effect from now on. */
  kill(): void
}

export interface DispatchOptions {
  readonly dataDir: string
  readonly outside?: Outside
  readonly bootId?: string
  readonly journalLost?: boolean
  /** Installs end by themselves, with success. */
  readonly quick?: boolean
  /** The process dies right after this many writes to the journal. */
  readonly diesAfterWrites?: number
  /** The process dies right after a command had its effect. */
  readonly diesAfterEffect?: boolean
}

/** A dispatcher on a real database, with executors whose effects can be counted. */
export function dispatchWorld(options: DispatchOptions): DispatchWorld {
  const { outside = new Map(), bootId = 'boot-1', journalLost = false, quick = false } = options
  const { database } = openDatabase(join(options.dataDir, 'agent.sqlite'), 'test')
  const clock = manualClock()
  const lanes = createLanes()
  const sent: Outgoing[] = []
  const running = new Map<OperationId, CommandContext>()
  const ends = new Map<OperationId, (result: CommandResult) => void>()
  let dead = false
  let writes = 0
  const kill = () => {
    dead = true
    clock.kill()
    if (database.isOpen) database.close()
  }
  const alive = () => {
    if (dead) throw new Error('the process is dead')
  }
  const store = createJournalStore(database)
  const mortal: JournalStore = {
    load: store.load,
    save: (row) => {
      alive()
      store.save(row)
      writes += 1
      if (writes === options.diesAfterWrites) kill()
    },
    drop: (ids) => {
      alive()
      store.drop(ids)
    },
    isTrusted: store.isTrusted,
    trust: store.trust,
    distrust: store.distrust,
  }
  const effect = (id: OperationId) => {
    alive()
    outside.set(id, (outside.get(id) ?? 0) + 1)
    if (options.diesAfterEffect === true) kill()
    alive()
  }
  const executors: Executors = {
    'server.install': {
      repeat: 'probe',
      run: async (_command, context) => {
        effect(context.id)
        if (quick) return succeeded
        running.set(context.id, context)
        return new Promise((resolve, reject) => {
          ends.set(context.id, resolve)
          context.signal.addEventListener('abort', () => reject(context.signal.reason))
        })
      },
      findOut: async (_command, { id }) => (outside.has(id) ? succeeded : 'again'),
      undo: async (_command, { id }) => {
        outside.delete(id)
      },
    },
    'console.input': {
      repeat: 'once',
      run: async (_command, { id }) => {
        effect(id)
        return succeeded
      },
    },
  }
  const dispatch = createDispatch({
    store: mortal,
    executors,
    lanes,
    clock,
    log: createLog({ format: 'human', verbose: false, now: clock.now, write: () => {} }),
    bootId,
    isFirstStart: !journalLost,
    send: (frame) => {
      if (dead) return false
      sent.push(frame)
      return true
    },
  })
  return {
    dispatch,
    clock,
    lanes,
    sent,
    running,
    finish: (id, result = succeeded) => ends.get(id)?.(result),
    kill,
  }
}

export function commandFrame(
  id: OperationId,
  command: Command,
  change: { seq?: number; deadlineInMs?: number | null; low?: number } = {},
) {
  return {
    type: 'command',
    epoch: 1,
    id,
    seq: 1,
    command,
    deadlineInMs: null,
    low: 1,
    ...change,
  } as const
}
