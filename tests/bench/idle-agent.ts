import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startAgent } from '../../agent/agent.ts'
import { openIdentity } from '../../agent/identity.ts'
import { createLog } from '../../agent/log.ts'
import { NodePolicy } from '../../agent/policy.ts'
import { NodeId } from '../../contract/ids.ts'
import { linkTimers } from '../../contract/protocol/frames.ts'
import { manualClock } from '../support/manual-clock.ts'
import { MemoryEngine } from '../support/memory-engine.ts'
import { memoryRuntime } from '../support/memory-runtime.ts'
import { until } from '../support/until.ts'
import { QuietObject } from './quiet-object.ts'

const hour = 3_600_000
const settled = 60_000

/** How many frames, pings apart, the real agent without servers sends in an hour of its clock. */
export async function framesOfAnHour(): Promise<number> {
  const object = new QuietObject()
  const dataDir = mkdtempSync(join(tmpdir(), 'catalyst-bench-'))
  const clock = manualClock()
  const panel = (await object.open()).href
  const identity = openIdentity(dataDir)
  identity.enrolled(panel, NodeId.parse(randomUUID()))
  const log = createLog({ format: 'json', verbose: false, now: clock.now, write: () => undefined })
  const agent = await startAgent({
    ...{ dataDir, panel, identity, clock, log },
    policy: NodePolicy.parse({ dataRoots: [dataDir] }),
    runtime: memoryRuntime(new MemoryEngine()),
    random: () => 0.5,
    bootId: 'bench',
    isRoot: false,
    program: resolve('agent/main.ts'),
  })
  try {
    await until(() => object.frames >= 2, 'that the agent has told where things stand')
    await pass(clock, object, settled)
    const before = object.frames
    await pass(clock, object, hour)
    return object.frames - before
  } finally {
    await agent.close()
    object.close()
    rmSync(dataDir, { recursive: true })
  }
}

/** Lets time pass from ping to ping, each of which arrives before the next. */
async function pass(
  clock: ReturnType<typeof manualClock>,
  object: QuietObject,
  ms: number,
): Promise<void> {
  for (let passed = 0; passed < ms; passed += linkTimers.pingEvery) {
    const { pings } = object
    clock.advance(linkTimers.pingEvery)
    await until(() => object.pings > pings, 'that the agent pings')
    // The answer is read on a later turn, and an agent that missed it would give the link up.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
