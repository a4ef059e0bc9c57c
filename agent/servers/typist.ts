import type { Clock } from '../clock.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Types lines at the standard input of servers. */
export interface Typist {
  type(containerId: string, line: string): Promise<void>
}

/**
 * Milliseconds between two lines. Games that wait for input with `select` and read with `stdio` take one line
 * per turn; a second one that came at once stays in their buffer until the next is typed.
 */
const apart = 100

/** A server's lines are typed one after the other: its lane sees to that. */
export function createTypist(runtime: Pick<Runtime, 'write'>, clock: Clock): Typist {
  const typedAt = new Map<string, number>()
  return {
    type: async (containerId, line) => {
      const wait =
        (typedAt.get(containerId) ?? Number.NEGATIVE_INFINITY) + apart - clock.monotonic()
      if (wait > 0) await new Promise<void>((resolve) => clock.after(wait, resolve))
      for (const [id, at] of typedAt) if (clock.monotonic() - at >= apart) typedAt.delete(id)
      typedAt.set(containerId, clock.monotonic())
      await runtime.write(containerId, `${line}\n`)
    },
  }
}
