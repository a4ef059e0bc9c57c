import { randomUUID } from 'node:crypto'
import type { ContainerMarks, ContainerView } from '../../agent/runtime/runtime.ts'
import { OperationId, ServerId } from '../../contract/ids.ts'
import type { DesiredServer, Power, ServerSpec } from '../../contract/protocol/spec.ts'

export function newServerId(): ServerId {
  return ServerId.parse(randomUUID())
}

export function newOperationId(): OperationId {
  return OperationId.parse(randomUUID())
}

export function aSpec(change: Partial<ServerSpec> = {}): ServerSpec {
  return {
    name: 'A server',
    image: 'example/game:1',
    command: ['/game', '--serve'],
    environment: { SEED: '7' },
    ports: [{ ip: '0.0.0.0', hostPort: 20_000, containerPort: 3979, protocol: 'udp' }],
    limits: { memoryMb: 256, cpuCores: 1, diskMb: 1024 },
    stop: { line: 'exit', signal: 'SIGTERM', graceSeconds: 10 },
    ready: [],
    readOnlyRoot: true,
    configFiles: [],
    install: null,
    ...change,
  }
}

export const stopped: Power = { wanted: 'stopped', startNo: 0, how: 'stop' }

export function running(startNo: number): Power {
  return { wanted: 'running', startNo, how: 'stop' }
}

export function aDesired(change: Partial<DesiredServer> = {}): DesiredServer {
  return {
    serverId: newServerId(),
    incarnation: 0,
    generation: 1,
    spec: aSpec(),
    power: stopped,
    suspended: false,
    removed: false,
    ...change,
  }
}

type ContainerChange = Partial<Omit<ContainerView, 'marks'>> & {
  readonly marks: Partial<ContainerMarks> & Pick<ContainerMarks, 'serverId'>
}

export function aContainer({ marks, ...change }: ContainerChange): ContainerView {
  return {
    id: 'container-1',
    state: 'running',
    startedAt: '2026-11-24T12:00:00.000000000Z',
    exit: null,
    ports: [],
    ...change,
    marks: {
      role: 'server',
      startNo: 1,
      incarnation: 0,
      generation: 1,
      commandId: null,
      ...marks,
    },
  }
}
