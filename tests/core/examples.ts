import { NodeId, OperationId, ServerId } from '../../contract/ids.ts'
import { type Hello, protocolVersion } from '../../contract/protocol/frames.ts'
import type { DesiredServer, ObservedServer } from '../../contract/protocol/spec.ts'
import type { Actor, SubmitCommand } from '../../contract/rpc.ts'

export const actor: Actor = { kind: 'user', id: null, name: 'Ada' }

export const host: Hello['host'] = {
  hostname: 'host-1',
  os: 'Debian 13',
  arch: 'x64',
  kernel: '6.12',
  cpus: 4,
  memoryMb: 8192,
  diskMb: 100_000,
  diskFreeMb: 50_000,
}

export const runtime: Hello['runtime'] = {
  engine: { name: 'docker', version: '28.0' },
  runc: '1.3',
  cgroup: 'v2',
  warnings: [],
}

export function newNodeId(): NodeId {
  return NodeId.parse(crypto.randomUUID())
}

export function newServerId(): ServerId {
  return ServerId.parse(crypto.randomUUID())
}

export function newOperationId(): OperationId {
  return OperationId.parse(crypto.randomUUID())
}

/** The n-th id of a kind, the same in every run. */
export function serverNo(n: number): ServerId {
  return ServerId.parse(uuidNo(1, n))
}

export function operationNo(n: number): OperationId {
  return OperationId.parse(uuidNo(2, n))
}

export const nodeNo1 = NodeId.parse(uuidNo(3, 1))

function uuidNo(kind: number, n: number): string {
  return `0000000${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`
}

export function hello(more: Partial<Hello> = {}): Hello {
  return {
    type: 'hello',
    proto: protocolVersion,
    nodeId: nodeNo1,
    machineId: 'machine-1',
    bootNo: 1,
    connNo: 1,
    bootId: 'boot',
    agentVersion: '1.0.0',
    host,
    runtime,
    inflight: [],
    desiredDigest: '',
    signature: '',
    ...more,
  }
}

export function installOrder(serverId: ServerId, more: Partial<SubmitCommand> = {}): SubmitCommand {
  const command = { type: 'server.install', serverId, wipe: false } as const
  return { id: newOperationId(), command, deadline: null, actor, ...more }
}

export function desired(
  serverId: ServerId,
  generation = 1,
  more: Partial<DesiredServer> = {},
): DesiredServer {
  return {
    serverId,
    incarnation: 0,
    generation,
    spec: {
      name: 'server',
      image: 'debian:13',
      command: null,
      environment: {},
      ports: [],
      limits: { memoryMb: 512, cpuCores: 1, diskMb: 1024 },
      stop: { line: null, signal: 'SIGTERM', graceSeconds: 10 },
      ready: [],
      readOnlyRoot: false,
      configFiles: [],
      install: null,
    },
    power: { wanted: 'stopped', startNo: 0, how: 'stop' },
    suspended: false,
    removed: false,
    ...more,
  }
}

export function observed(
  serverId: ServerId,
  state: ObservedServer['state'],
  more: Partial<ObservedServer> = {},
): ObservedServer {
  return {
    serverId,
    incarnation: 0,
    generation: 1,
    state,
    startNo: 0,
    exit: null,
    problem: null,
    ports: [],
    startedAt: null,
    at: '2026-01-01T00:00:00.000Z',
    ...more,
  }
}
