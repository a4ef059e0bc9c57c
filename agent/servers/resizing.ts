import type { DesiredServer } from '../../contract/protocol/spec.ts'
import { type ContainerView, RuntimeError } from '../runtime/runtime.ts'
import type { ServerDeps } from './server-deps.ts'

/**
 * Holds a running server to the limits that are wanted now. Limits that the engine does not take while it
 * runs hold from its next start on, for every start makes a new container.
 * @throws {RuntimeError} while the engine is away
 */
export async function resize(
  { runtime, book, console }: ServerDeps,
  { serverId, spec }: DesiredServer,
  { id }: ContainerView,
): Promise<void> {
  try {
    await runtime.resize(id, spec.limits)
    console.system(serverId, 'The new limits hold.')
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.fault === 'engine_down') throw error
    console.system(serverId, `The new limits hold from the next start on: ${error.message}`)
  }
  book.remember(serverId, { limits: spec.limits })
}
