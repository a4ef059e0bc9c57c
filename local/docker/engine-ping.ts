import { request } from 'node:http'

export type EngineAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number }

const defaultSocket = '/var/run/docker.sock'

/**
 * Where the engine listens: `DOCKER_HOST` when set, else the usual socket. Null for schemes that
 * cannot be spoken without a helper program (ssh, npipe).
 */
export function engineAddress(dockerHost: string | null): EngineAddress | null {
  if (dockerHost === null) return { socketPath: defaultSocket }
  if (dockerHost.startsWith('unix://')) return { socketPath: dockerHost.slice('unix://'.length) }
  if (!dockerHost.startsWith('tcp://')) return null
  const url = URL.parse(dockerHost)
  if (url === null || url.hostname === '') return null
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 2375) }
}

/** Asks the engine for `/_ping`; never rejects. */
export function pingEngine(
  address: EngineAddress,
  timeoutMs = 2_000,
): Promise<'answers' | 'silent' | 'forbidden'> {
  return new Promise((resolve) => {
    const ping = request({ ...address, path: '/_ping', timeout: timeoutMs }, (response) => {
      response.resume()
      resolve(response.statusCode === 200 ? 'answers' : 'silent')
    })
    ping.on('timeout', () => ping.destroy(new Error('timeout')))
    ping.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EACCES' ? 'forbidden' : 'silent')
    })
    ping.end()
  })
}
