import { randomUUID } from 'node:crypto'
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Dockerode from 'dockerode'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../agent/clock.ts'
import type { Log } from '../../agent/log.ts'
import { NodePolicy } from '../../agent/policy.ts'
import { createDockerRuntime, type DockerOptions } from '../../agent/runtime/docker.ts'
import type {
  ContainerMarks,
  ContainerOrder,
  ContainerView,
  LogLine,
  Runtime,
} from '../../agent/runtime/runtime.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { ServerSpec } from '../../contract/protocol/spec.ts'
import { aSpec, newServerId } from '../support/server-fixtures.ts'
import { ensureTestImage, shell, testImage } from '../support/test-image.ts'
import { until } from '../support/until.ts'

export const uid = 20_001

/** Warnings are the firewall's, and a test that needs the firewall looks at its effect. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

export interface OrderChange {
  readonly spec?: Partial<ServerSpec>
  readonly marks?: Partial<ContainerMarks>
}

export interface RuntimeWorld {
  readonly runtime: Runtime
  readonly docker: Dockerode
  readonly owner: string
  readonly dataRoot: string
  /**
   * An order for a server that runs a shell script; each call is another server unless marks say
   * so.
   */
  order(script: string, change?: OrderChange): ContainerOrder
  /** Makes and starts it. */
  run(order: ContainerOrder): Promise<ContainerView>
  /** Everything a container that has ended, or will, printed. */
  output(containerId: string): Promise<string[]>
}

/**
 * A runtime on this machine's engine, with an owner of its own; all that it makes is gone after the
 * test.
 */
export async function createRuntimeWorld(
  policyChange: object = {},
  dockerHost: string | null = null,
  machine: Pick<DockerOptions, 'runProgram'> = {},
): Promise<RuntimeWorld> {
  if (dockerHost === null) await ensureTestImage()
  const dataRoot = mkdtempSync(join(tmpdir(), 'catalyst-runtime-'))
  const policy = NodePolicy.parse({ dataRoots: [dataRoot], ...policyChange })
  const owner = `test-${randomUUID()}`
  const clock = systemClock()
  const runtime = createDockerRuntime({
    dockerHost,
    policy,
    owner,
    clock,
    log: silentLog,
    ...machine,
  })
  const servers = new Set<ServerId>()
  onTestFinished(async () => {
    await Promise.all((await runtime.list()).map(({ id }) => runtime.remove(id)))
    for (const serverId of servers) await runtime.forget(serverId)
    rmSync(dataRoot, { recursive: true, force: true })
  })

  const order: RuntimeWorld['order'] = (script, { spec, marks } = {}) => {
    const serverId = marks?.serverId ?? newServerId()
    servers.add(serverId)
    const dataDir = join(dataRoot, serverId)
    mkdirSync(dataDir, { recursive: true })
    chownSync(dataDir, uid, uid)
    return {
      dataDir,
      uid,
      spec: aSpec({ image: testImage, command: shell(script), ports: [], ...spec }),
      marks: {
        role: 'server',
        startNo: 1,
        incarnation: 0,
        generation: 1,
        commandId: null,
        ...marks,
        serverId,
      },
    }
  }
  return {
    runtime,
    docker: dockerHost === null ? new Dockerode() : new Dockerode({ socketPath: dockerHost }),
    owner,
    dataRoot,
    order,
    run: async (wanted) => runtime.start((await runtime.create(wanted)).id),
    output: async (containerId) => {
      const lines: string[] = []
      const signal = AbortSignal.timeout(60_000)
      await runtime.follow(containerId, null, ({ text }) => lines.push(text), signal)
      return lines
    },
  }
}

/** Follows a container's log for as long as the test runs. */
export function listen(runtime: Runtime, containerId: string): LogLine[] {
  const lines: LogLine[] = []
  const stop = new AbortController()
  const done = runtime.follow(
    containerId,
    null,
    (line) => lines.push(line),
    stop.signal,
    () => 10,
  )
  onTestFinished(async () => {
    stop.abort()
    // The container may be gone by now.
    await done.catch(() => undefined)
  })
  return lines
}

export function untilPrinted(lines: readonly LogLine[], text: string): Promise<LogLine> {
  return until(() => lines.find((line) => line.text.includes(text)), `a line "${text}"`, 20_000)
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
