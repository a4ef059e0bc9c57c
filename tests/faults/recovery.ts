import { setTimeout as lasts } from 'node:timers/promises'
import { isOpen, operations } from '../../contract/api/operations.ts'
import type { OperationId } from '../../contract/ids.ts'
import type { PanelCall } from '../../local/api.ts'
import type { Asking } from './asking.ts'
import type { FaultWorld } from './fault-world.ts'

/** Between two looks, and before another fresh command is tried beside the first. Milliseconds. */
const lookEvery = 40
const anotherAfter = 1_000

let probes = 0

/**
 * Asks for fresh commands until one has made the whole way: panel, node, server, and back.
 * @returns milliseconds since it was called
 * @throws Error when none did within `withinMs`
 */
export async function recover(
  { stack, cast }: FaultWorld,
  asking: Asking,
  withinMs: number,
): Promise<number> {
  const began = performance.now()
  const passed = () => performance.now() - began
  const open = new Set<OperationId>()
  let lastAskedAt = Number.NEGATIVE_INFINITY
  while (passed() < withinMs) {
    if (open.size === 0 || passed() - lastAskedAt > anotherAfter) {
      lastAskedAt = passed()
      probes += 1
      const text = `probe-${probes}`
      const id = await asking.ask({ verb: 'line', serverId: cast.probe, text, key: null })
      if (id !== null) open.add(id)
    }
    for (const id of open) {
      const state = await stateOf(stack.call, id)
      if (state === 'succeeded') return passed()
      if (state !== null && !isOpen(state)) open.delete(id)
    }
    await lasts(lookEvery)
  }
  throw new Error(`no fresh command came through within ${withinMs} ms`)
}

async function stateOf(call: PanelCall, operationId: OperationId) {
  try {
    return (await call(operations.get, { operationId })).state
  } catch {
    return null // The panel is away: that is what is being measured.
  }
}
