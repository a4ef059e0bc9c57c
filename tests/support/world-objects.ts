import { AppError, type ErrorCode } from '../../contract/errors.ts'
import type { NodeId, OperationId, UserId } from '../../contract/ids.ts'
import type { ConsoleLine, ResourceSample } from '../../contract/protocol/console.ts'
import { failed, ok, type Result } from '../../contract/result.ts'
import type { DesiredPush, LinkView, SubmitCommand } from '../../contract/rpc.ts'
import type { NodeNamespace, NodeStub } from '../../worker/services/node-gateway.ts'

const link: LinkView = { online: false, epoch: 0, since: null, openCommands: 0, nextWakeAt: null }

/** What a test says that an object answers; what it did not say fails the test. */
export interface Answers {
  consoleTail?: ConsoleLine[]
  consoleHistory?: ConsoleLine[]
  lastSample?: ResourceSample | null
  commandLog?: string[]
  connect?: (request: Request) => Response
}

/** A node's object as the Worker sees it: keeps what it is told, and answers what a test has set up. */
export class ObjectDouble {
  readonly keys: (string | null)[] = []
  readonly pushes: DesiredPush[] = []
  readonly orders: SubmitCommand[] = []
  readonly cancels: OperationId[] = []
  /** Accounts whose consoles were closed. */
  readonly shownOut: UserId[] = []
  adoptions = 0
  pokes = 0
  forgotten = false
  readonly answers: Answers = {}
  /** Thrown by every call while it is set. */
  broken: Error | null = null
  /** How many more calls throw `broken`; null: all. */
  breaks: number | null = null
  /** Answered to orders in place of taking them. */
  refuseOrders: ErrorCode | null = null
  calls = 0

  stub(nodeId: NodeId, misuse: string[]): NodeStub {
    const told = async <T>(asked: NodeId | null, effect: () => T): Promise<Result<T>> => {
      this.calls += 1
      if (this.broken !== null && this.breaks !== 0) {
        if (this.breaks !== null) this.breaks -= 1
        throw this.broken
      }
      if (asked !== null && asked !== nodeId) misuse.push(`${nodeId} was called ${asked}`)
      return ok(effect())
    }
    const answer = <Name extends keyof Answers>(name: Name) => {
      const value = this.answers[name]
      if (value === undefined) misuse.push(`${name} of ${nodeId} was not set up`)
      return value as NonNullable<Answers[Name]> // misuse fails the test
    }
    const saved = (list: unknown[], value: unknown) => {
      list.push(value)
      return link
    }
    return {
      setKey: (id, publicKey) => told(id, () => saved(this.keys, publicKey)),
      adopt: (id) =>
        told(id, () => {
          this.adoptions += 1
          return link
        }),
      setServer: (id, push) => told(id, () => saved(this.pushes, structuredClone(push))),
      submit: async (id, order) => {
        if (this.refuseOrders !== null) return failed(this.refuseOrders)
        return told(id, () => {
          const known = this.orders.findIndex((one) => one.id === order.id)
          if (known < 0) this.orders.push(structuredClone(order))
          return { id: order.id, seq: this.orders.length, state: 'queued' }
        })
      },
      cancel: (id, operationId) =>
        told(id, () => {
          this.cancels.push(operationId)
          return { id: operationId, seq: 1, state: 'cancelled' }
        }),
      consoleTail: (id) => told(id, () => answer('consoleTail')),
      consoleHistory: (id) => told(id, () => answer('consoleHistory')),
      lastSample: (id) => told(id, () => answer('lastSample')),
      commandLog: (id) => told(id, () => answer('commandLog')),
      closeWatchers: (id, userIds) =>
        told(id, () => {
          this.shownOut.push(...userIds)
          return null
        }),
      link: (id) => told(id, () => link),
      poke: (id) =>
        told(id, () => {
          this.pokes += 1
          return link
        }),
      forget: (id) =>
        told(id, () => {
          this.forgotten = true
          return null
        }),
      fetch: async (request) => {
        const reply = await told(null, () => answer('connect')(request))
        if (!reply.ok) throw new AppError('internal')
        return reply.value
      },
    }
  }
}

export interface Objects {
  readonly namespace: NodeNamespace<NodeId>
  of(nodeId: NodeId): ObjectDouble
  /** Calls that no test set up. */
  readonly misuse: readonly string[]
}

/** The namespace of objects, at the very boundary that the platform stands behind. */
export function createObjects(): Objects {
  const doubles = new Map<string, ObjectDouble>()
  const misuse: string[] = []
  const of = (nodeId: NodeId) => {
    const double = doubles.get(nodeId) ?? new ObjectDouble()
    doubles.set(nodeId, double)
    return double
  }
  return {
    of,
    misuse,
    namespace: {
      idFromName: (name) => name as NodeId, // objects are named by their node's id
      get: (id) => of(id).stub(id, misuse),
    },
  }
}
