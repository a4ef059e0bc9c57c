import { Duplex } from 'node:stream'
import type Dockerode from 'dockerode'
import { callLimits, limited } from './docker-call.ts'
import { RuntimeError } from './runtime.ts'

/**
 * Writes to the standard input of containers; keeps one connection per container and makes it anew
 * on need.
 */
export interface StandardInputs {
  write(containerId: string, text: string): Promise<void>
}

export function createStandardInputs(docker: Dockerode): StandardInputs {
  const open = new Map<string, Duplex>()

  const connect = async (containerId: string): Promise<Duplex> => {
    const known = open.get(containerId)
    if (known?.writable) return known
    const stream = await attach(docker, containerId)
    open.set(containerId, stream)
    const close = () => {
      if (open.get(containerId) === stream) open.delete(containerId)
      stream.destroy()
    }
    // The engine ends its half when the container ends. Errors are the write's to report.
    stream.on('end', close).on('close', close).on('error', close).resume()
    return stream
  }

  return {
    write: async (containerId, text) => {
      // The engine takes input for a container that does not run, and loses it.
      await requireRunning(docker, containerId)
      await limited('write', callLimits.write, async () => {
        const stream = await connect(containerId)
        await new Promise<void>((resolve, reject) => {
          stream.write(text, (error) => (error ? reject(error) : resolve()))
        })
      }).catch((error: unknown) => {
        // What was written in part would be the beginning of the next line.
        open.get(containerId)?.destroy()
        open.delete(containerId)
        throw error
      })
    },
  }
}

async function requireRunning(docker: Dockerode, containerId: string): Promise<void> {
  const { State } = await limited('inspect', callLimits.look, (abortSignal) =>
    docker.getContainer(containerId).inspect({ abortSignal }),
  )
  if (!State.Running) throw new RuntimeError('no_such_container', 'The server does not run.')
}

/**
 * Input only: a connection that carried output would have to be read for the game not to freeze.
 */
async function attach(docker: Dockerode, containerId: string): Promise<Duplex> {
  const stream: unknown = await docker.getContainer(containerId).attach({
    hijack: true,
    stream: true,
    stdin: true,
    stdout: false,
    stderr: false,
    logs: false,
  })
  if (!(stream instanceof Duplex)) throw new Error('the engine answered without a stream')
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
  return stream
}
