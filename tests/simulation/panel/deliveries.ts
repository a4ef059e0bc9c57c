import { isOpen } from '../../../contract/api/operations.ts'
import type { OperationId, ServerId } from '../../../contract/ids.ts'
import type { Result } from '../../../contract/result.ts'
import type { CommandView, NodeRpc } from '../../../contract/rpc.ts'
import type { Evidence } from '../evidence.ts'
import { nodeIdNo } from '../platform/object-code.ts'
import type { Answer, ObjectMachine } from '../platform/object-machine.ts'
import type { Timeline } from '../timeline.ts'
import { actor, type Ledger, type OperationRow } from './ledger.ts'

/** A command that was confirmed to whoever asked for it [Q1]. */
export interface Accepted {
  readonly seq: number
  readonly at: number
}

const nodeId = nodeIdNo(1)

/** How the Worker tells a node's object what is committed already: calls that take time and may be lost. */
export class Deliveries {
  readonly accepted = new Map<OperationId, Accepted>()
  /** Milliseconds for a call to the object, one way. */
  latency = 3
  /** The chance that an answer of the object is lost. */
  losesAnswers = 0
  private key: string | null = null
  private readonly ledger: Ledger
  private readonly object: ObjectMachine
  private readonly timeline: Timeline
  private readonly record: Evidence

  constructor(
    ledger: Ledger,
    object: ObjectMachine,
    { timeline, record }: { timeline: Timeline; record: Evidence },
  ) {
    this.ledger = ledger
    this.object = object
    this.timeline = timeline
    this.record = record
  }

  /** Tells the object, as `deliver` of the product does: what should be, the command, the cancel. */
  deliver(operation: OperationRow): void {
    const { command, serverId } = operation
    const needsServer = command === null || command.type === 'server.install'
    const waitId = command === null ? operation.id : null
    const push = needsServer ? this.ledger.readPush(serverId, waitId) : null
    const then = () => this.submit(operation)
    if (push === null) {
      then()
      return
    }
    this.call(
      (object) => object.setServer(nodeId, push),
      (answer) => {
        if (answer.came && answer.value.ok) then()
      },
    )
  }

  tellServer(serverId: ServerId): void {
    const push = this.ledger.readPush(serverId)
    if (push !== null)
      this.call(
        (object) => object.setServer(nodeId, push),
        () => {},
      )
  }

  sendCancel({ id }: OperationRow): void {
    this.call(
      (object) => object.cancel(nodeId, id),
      (answer) => {
        if (!answer.came) return
        const { value } = answer
        this.record.saw(value.ok ? `cancel.${value.value.state}` : `cancel.${value.code}`)
      },
    )
  }

  /** The same key for something else [Q1]. */
  conflict({ id, command }: OperationRow): void {
    // Who was never answered may still be the first.
    if (command === null || !this.accepted.has(id)) return
    const other = { type: 'console.input', serverId: command.serverId, line: 'not this' } as const
    const order = { id, command: other, deadline: null, actor }
    this.call(
      (object) => object.submit(nodeId, order),
      (answer) => {
        if (!answer.came) return
        const { value } = answer
        if (value.ok) this.record.breaks('I8', `${id} was taken with another payload`)
        else if (value.code === 'idempotency_conflict') this.record.saw('panel.conflict')
      },
    )
  }

  /** Sets or revokes the node's key; the object is told until it has heard. */
  setKey(key: string | null): void {
    this.key = key
    this.tellKey()
  }

  private tellKey(): void {
    const { key } = this
    this.call(
      (object) => object.setKey(nodeId, key),
      (answer) => {
        const isTold = answer.came && answer.value.ok
        if (!isTold || key !== this.key) this.timeline.after(2_000, () => this.tellKey())
      },
    )
  }

  poke(): void {
    this.call(
      (object) => object.poke(nodeId),
      () => {},
    )
  }

  private submit(operation: OperationRow): void {
    const { id, command, deadline } = operation
    const told = () => {
      if (this.ledger.isUp && operation.state === 'submitting') operation.state = 'queued'
    }
    if (command === null) {
      told()
      return
    }
    this.call(
      (object) => object.submit(nodeId, { id, command, deadline, actor }),
      (answer) => {
        if (!answer.came) return
        if (!answer.value.ok) return this.refused(operation, answer.value.code)
        this.noteAccepted(operation, answer.value.value)
        if (operation.cancelRequested) this.sendCancel(operation)
        told()
      },
    )
  }

  private refused(operation: OperationRow, code: string): void {
    this.record.saw(`panel.refused_${code}`)
    const isFinal = code === 'queue_full' || code === 'idempotency_conflict'
    if (!isFinal || !isOpen(operation.state)) return
    operation.state = 'failed'
    operation.code = code
  }

  private noteAccepted({ id }: OperationRow, { seq }: CommandView): void {
    const known = this.accepted.get(id)
    if (known !== undefined && known.seq !== seq) {
      this.record.breaks('I8', `${id} had the number ${known.seq} and has ${seq}`)
    }
    this.accepted.set(id, known ?? { seq, at: this.timeline.now })
  }

  private call<T>(
    work: (object: NodeRpc) => Promise<Result<T>>,
    done: (answer: Answer<Result<T>>) => void,
  ): void {
    const { random } = this.object
    this.timeline.after(this.latency * random.next(), () => {
      this.object.call(work, (answer) => {
        this.timeline.after(this.latency * random.next(), () => {
          const isLost = answer.came && random.chance(this.losesAnswers)
          if (isLost) this.record.saw('fault.object_answer_lost')
          done(isLost ? { came: false } : answer)
        })
      })
    })
  }
}
