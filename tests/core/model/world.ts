import type { OperationId } from '../../../contract/ids.ts'
import type { FromAgent, ToAgent } from '../../../contract/protocol/frames.ts'
import type { SubmitCommand } from '../../../contract/rpc.ts'
import { greet, receive } from '../../../durable-objects/agent-session.ts'
import { takeCancel, takeOrder } from '../../../durable-objects/panel-orders.ts'
import type { Turn } from '../../../durable-objects/turn.ts'
import { actor, hello, operationNo, serverNo } from '../examples.ts'
import { ModelAgent } from './agent.ts'
import { ModelObject, modelKey } from './object.ts'
import type { Random } from './random.ts'

/** A connection with what is under way on it; the far end of a cut one may still deliver. */
interface Wire {
  readonly up: FromAgent[]
  readonly down: ToAgent[]
  /** The epoch that the object welcomed it with; 0: not yet. */
  epoch: number
  agentHolds: boolean
}

/** An agent and an object with a bad network between them and a panel that asks and asks again. */
export class ModelWorld {
  readonly object = new ModelObject()
  readonly agent: ModelAgent
  readonly orders: SubmitCommand[] = []
  now = 1_000_000
  faultsMade = 0
  private wires: Wire[] = []
  readonly faults: string[] = []
  private readonly random: Random
  private readonly lanes: number
  private welcomedConnNo = 0

  /** @param lanes how many servers the orders are for */
  constructor(random: Random, lanes: number) {
    this.random = random
    this.lanes = lanes
    this.agent = new ModelAgent(random)
  }

  /** One thing happens, good or bad. */
  step(): void {
    const dice = this.random.below(100)
    if (dice < 10) this.submit()
    else if (dice < 13) this.submitAgain()
    else if (dice < 16) this.cancel()
    else if (dice < 40) this.moveUp(true)
    else if (dice < 64) this.moveDown(true)
    else if (dice < 82) this.work()
    else if (dice < 86) this.pass(this.random.below(4000))
    else if (dice < 92) this.dial()
    else this.fault(dice)
  }

  /** No more faults: everything that was accepted must come to its end. */
  settle(): void {
    this.wires = []
    this.object.crash(this.now)
    for (let round = 0; round < 3000 && this.isBusy(); round += 1) {
      this.dial()
      this.moveUp(false)
      this.moveDown(false)
      this.work()
      if (round % 50 === 0) this.pass(2000)
    }
  }

  private isBusy(): boolean {
    return this.object.openCount() > 0 || this.agent.hasWork()
  }

  private fault(dice: number): void {
    this.faultsMade += 1
    const wire = this.random.pick(this.wires)
    if (dice < 95) this.cut(wire)
    else if (dice < 97) {
      this.random.pick([wire?.up, wire?.down])?.pop()
    } else if (dice < 98) this.agent.crash()
    else {
      this.object.crash(this.now)
      this.wires = []
    }
  }

  private submit(): void {
    const n = this.orders.length + 1
    const serverId = serverNo(this.random.below(this.lanes))
    const command = this.random.chance(0.5)
      ? ({ type: 'server.install', serverId, wipe: false } as const)
      : ({ type: 'console.input', serverId, line: `line ${n}` } as const)
    const deadline = this.random.chance(0.3) ? this.now + this.random.below(20_000) : null
    const order = { id: operationNo(n), command, deadline, actor }
    this.orders.push(order)
    this.ask(order)
  }

  private submitAgain(): void {
    const order = this.random.pick(this.orders)
    if (order !== undefined) this.ask(order)
  }

  private ask(order: SubmitCommand): void {
    this.run((turn) => takeOrder(turn, order))
  }

  private cancel(): void {
    const order = this.random.pick(this.orders)
    if (order !== undefined) this.run((turn) => takeCancel(turn, order.id))
  }

  private pass(ms: number): void {
    this.now += ms
    this.run((turn) => turn.commands({ type: 'tick', now: turn.now }))
  }

  private work(): void {
    const wire = this.held()
    const epoch = wire === undefined || wire.epoch === 0 ? null : wire.epoch
    // The agent may say what it says in an epoch that is over by the time it arrives.
    wire?.up.push(...this.agent.work(epoch, this.now))
  }

  private dial(): void {
    if (this.held() !== undefined) return
    this.agent.connNo += 1
    const wire: Wire = { up: [], down: [], epoch: 0, agentHolds: true }
    wire.up.push(hello({ connNo: this.agent.connNo }))
    this.wires.push(wire)
  }

  private held(): Wire | undefined {
    return this.wires.find((wire) => wire.agentHolds)
  }

  /** The object may learn of it at once, later, or never. */
  private cut(wire: Wire | undefined): void {
    if (wire === undefined) return
    wire.agentHolds = false
    wire.down.length = 0
    if (!this.random.chance(0.5)) return
    const { epoch } = wire
    this.run((turn) => turn.link({ type: 'closed', socketEpoch: epoch, reason: 'cut' }))
  }

  private moveUp(isBad: boolean): void {
    const wire = this.random.pick(this.wires)
    const frame = wire === undefined ? undefined : this.take(wire.up, isBad && wire.epoch > 0)
    if (wire === undefined || frame === undefined) return
    const isOld = wire.epoch !== this.object.epoch()
    const before = this.object.commandsState()
    this.run((turn) => {
      if (frame.type === 'hello') greet(turn, frame, modelKey, turn.now)
      else receive(turn, wire.epoch, frame)
    }, wire)
    if (frame.type === 'hello') this.checkWelcome(wire, frame.connNo)
    else if (isOld && this.object.commandsState() !== before) {
      this.faults.push(`a ${frame.type} of an older epoch changed something`)
    }
  }

  private checkWelcome(wire: Wire, connNo: number): void {
    if (wire.epoch === 0) return
    if (connNo <= this.welcomedConnNo) this.faults.push(`connection ${connNo} came late and got in`)
    this.welcomedConnNo = connNo
  }

  private moveDown(isBad: boolean): void {
    const wire = this.held()
    const frame = wire === undefined ? undefined : this.take(wire.down, isBad && wire.epoch > 0)
    if (wire === undefined || frame === undefined) return
    if (frame.type === 'fenced') this.cut(wire)
    else wire.up.push(...this.agent.read(frame, wire.epoch, this.now))
  }

  /** The next frame; on a bad day another one, or one that will come again. */
  private take<Frame>(frames: Frame[], isBad: boolean): Frame | undefined {
    const at = isBad && this.random.chance(0.1) ? this.random.below(frames.length) : 0
    const frame = frames[at]
    const isRepeated = isBad && this.random.chance(0.05)
    if (!isRepeated) frames.splice(at, 1)
    return frame
  }

  /** Commits a turn and acts on it as the shell does, unless the object dies in between. */
  private run(body: (turn: Turn) => void, speaker: Wire | null = null): void {
    const turn = this.object.turn(this.now, body)
    for (const effect of turn.effects) {
      if (effect.type === 'welcome' && speaker !== null) speaker.epoch = effect.epoch
      if (effect.type === 'refuse' && speaker !== null) this.drop(speaker)
      if (effect.type === 'fence') {
        const { epoch, current } = effect
        speaker?.down.push({ type: 'fenced', epoch, current })
      }
      if (effect.type === 'send') this.live()?.down.push(effect.frame)
    }
  }

  private drop(wire: Wire): void {
    this.wires = this.wires.filter((one) => one !== wire)
  }

  private live(): Wire | undefined {
    return this.wires.find((wire) => wire.epoch === this.object.epoch() && wire.agentHolds)
  }

  /** Ids of orders that the object took in. */
  accepted(): OperationId[] {
    return [...this.object.rows.keys()]
  }
}
