import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * Set by the bootstrap to `<descriptor>:<its process id>`. The id guards against the variable
 * being inherited by a grandchild, in which the descriptor would be something else.
 */
const variable = 'CATALYST_PARENT_PIPE'

/**
 * Calls `gone` once when the other end of the pipe is closed, which the system does even when the
 * parent was killed outright. Watching alone does not keep this process alive.
 */
export function watchParent(pipe: Readable, gone: () => void): void {
  let told = false
  const tell = () => {
    if (told) return
    told = true
    gone()
  }
  pipe.on('end', tell)
  pipe.on('close', tell)
  pipe.on('error', tell)
  if (pipe instanceof Socket) pipe.unref()
  pipe.resume()
}

/** The pipe that the bootstrap left open, or null when this process was started without it. */
export function bootstrapPipe(env: NodeJS.ProcessEnv): Readable | null {
  const [fd, parentId] = (env[variable] ?? '').split(':').map(Number)
  if (fd === undefined || parentId !== process.ppid) return null
  return new Socket({ fd, readable: true, writable: false }).unref()
}
