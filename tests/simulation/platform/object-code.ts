import type { NodeId } from '../../../contract/ids.ts'
import type { NodeRpc } from '../../../contract/rpc.ts'
import type { ObjectSocket } from './wire.ts'

/** The product's object, as workerd sees it. */
export interface ObjectInstance extends NodeRpc {
  fetch(request: {
    readonly headers: { get(name: string): string | null }
    readonly url: string
  }): Promise<ObjectResponse>
  webSocketMessage(socket: ObjectSocket, data: string): Promise<void>
  webSocketClose(socket: ObjectSocket, code: number, reason: string): Promise<void>
  alarm(): Promise<void>
}

export interface ObjectResponse {
  readonly status: number
  readonly webSocket: ObjectSocket | null
}

export interface ObjectCode {
  readonly NodeObject: new (ctx: unknown, env: Readonly<Record<string, string>>) => ObjectInstance
  readonly migrate: (storage: unknown) => void
}

/**
 * Loads the object's own class. It is written for workerd's types, which Node's programs do not have, so it
 * comes in through a door without types; `registerSimulation` gives it what it imports from the platform.
 */
export async function loadObjectCode(): Promise<ObjectCode> {
  const [object, migration] = await Promise.all([
    untyped('../../../durable-objects/node-object.ts'),
    untyped('../../../durable-objects/storage/migrate.ts'),
  ])
  return { ...object, ...migration } as ObjectCode
}

async function untyped(path: string): Promise<object> {
  return import(path)
}

/** Every simulated world has one node. */
export function nodeIdNo(n: number): NodeId {
  return `00000003-0000-7000-8000-${String(n).padStart(12, '0')}` as NodeId // Made of the right shape.
}
