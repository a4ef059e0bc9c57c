import { JournalWatch } from './checks/journal-watch.ts'
import { phaseOf, watchFrames } from './checks/link-watch.ts'
import { RowWatch } from './checks/row-watch.ts'
import type { Evidence } from './evidence.ts'
import { Machine } from './machine/machine.ts'
import { keyNo } from './machine/stores.ts'
import { Deliveries } from './panel/deliveries.ts'
import { Ledger } from './panel/ledger.ts'
import { Panel } from './panel/panel.ts'
import { nodeIdNo, type ObjectCode } from './platform/object-code.ts'
import { ObjectMachine } from './platform/object-machine.ts'
import type { SharedDatabase } from './platform/shared-database.ts'
import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

export interface WorldParts {
  readonly timeline: Timeline
  readonly random: Random
  readonly record: Evidence
  readonly code: ObjectCode
  readonly database: SharedDatabase
}

/** One node and everything around it: a panel with its ledger, the object, a machine with agent and engine. */
export class World {
  readonly timeline: Timeline
  readonly record: Evidence
  readonly ledger: Ledger
  readonly object: ObjectMachine
  readonly deliveries: Deliveries
  readonly panel: Panel
  readonly machine: Machine
  readonly rows: RowWatch
  readonly journal: JournalWatch
  readonly database: SharedDatabase
  /** Traces by which the agent finds out what it has done, that somebody has taken away. */
  tracesLost = 0
  journalsLost = 0
  /** The node goes silent for a long time in the end. */
  isSilent = false
  /** Faults that go on until somebody ends them. */
  readonly heals: (() => void)[] = []
  private keys = 1

  constructor({ timeline, random, record, code, database }: WorldParts) {
    this.timeline = timeline
    this.record = record
    this.database = database
    this.ledger = new Ledger({ timeline, record, random: random.fork('ledger') })
    const { ledger } = this
    const nodeId = nodeIdNo(1)
    this.object = new ObjectMachine({
      timeline,
      record,
      random: random.fork('object'),
      nodeId,
      code,
      database,
      ledger,
    })
    const { object } = this
    this.rows = new RowWatch(object.storage, record)
    watchFrames(object, this.rows, record)
    this.deliveries = new Deliveries(ledger, object, { timeline, record })
    this.panel = new Panel(ledger, this.deliveries, { timeline, record })
    const card = { machineId: 'machine-1', bootNo: 0, connNo: 0, key: keyNo(1) }
    this.machine = new Machine('node-1', card, { timeline, random, record, object })
    this.rows.isHolderThere = () =>
      [...this.machine.wires].some(
        ({ agentEnd, objectEnd, upCut }) =>
          agentEnd.readyState === 1 &&
          objectEnd.readyState === 1 &&
          !upCut &&
          phaseOf(objectEnd).phase === 'live',
      )
    this.journal = new JournalWatch(this.machine, record)
  }

  begin(): void {
    this.deliveries.setKey(keyNo(1))
    this.timeline.after(100, () => this.machine.start())
  }

  /** A new key for the same data directory, as joining again makes one. */
  rekey(): void {
    this.keys += 1
    const key = keyNo(this.keys)
    this.deliveries.setKey(key)
    this.machine.disk.card = { ...this.machine.disk.card, key }
  }

  /** Nothing goes wrong any more; what was broken is put right. */
  heal(): void {
    for (const heal of this.heals.splice(0)) heal()
    const { ledger, object, deliveries, machine } = this
    const { engine, weather } = machine
    ledger.isUp = true
    ledger.latency = 5
    ledger.losesAnswers = 0
    deliveries.losesAnswers = 0
    deliveries.latency = 3
    object.alarmLate = 0
    object.storage.failures = 0
    object.setClock(0)
    object.start()
    Object.assign(weather, { latency: 20, upLost: false, downLost: false, refuses: false })
    for (const wire of machine.wires) wire.extra = 0
    machine.skew = 0
    machine.nextExtra = 0
    machine.mutes = 0
    engine.setUp(true)
    engine.latency = 3
    engine.losesAnswers = 0
    engine.isLively = false
    machine.diskFull = 0
    if (machine.process !== null) machine.process.trap = null
    machine.start()
  }
}
