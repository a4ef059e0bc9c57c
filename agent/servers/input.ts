import { type Executor, failedWith, succeeded } from '../executor.ts'
import type { ServerDeps } from './server-deps.ts'

/** How much longer than its grace a server may take after a typed stop command. Milliseconds. */
const typedStopLasts = 60_000

/** Types a line at a server's console. It runs once: nobody can see whether a line was read. */
export function createInputExecutor({
  book,
  console,
  typist,
  clock,
}: ServerDeps): Executor<'console.input'> {
  return {
    repeat: 'once',
    run: async ({ serverId, line }) => {
      const desired = book.desired(serverId)
      if (desired === null) return failedWith('wrong_state', 'This node has no such server.')
      if (desired.suspended) return failedWith('suspended', 'The server is suspended.')
      const container = book
        .containers(serverId)
        .find(({ marks, state }) => marks.role === 'server' && state === 'running')
      if (container === undefined) return failedWith('wrong_state', 'The server does not run.')
      const { stop } = desired.spec
      if (line.trim() === stop.line?.trim()) {
        const until = clock.now() + stop.graceSeconds * 1000 + typedStopLasts
        book.remember(serverId, { typedStopUntil: until })
      }
      console.input(serverId, line)
      await typist.type(container.id, line)
      return succeeded
    },
  }
}
