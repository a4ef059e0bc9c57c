import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import Dockerode from 'dockerode'
import { expect, onTestFinished, test, vi } from 'vitest'
import { pullImage } from '../../../agent/runtime/docker-pull.ts'

/** An engine that begins to pull whatever it is asked for, and says only what the test lets it say. */
async function pullingEngine() {
  const pulls: ServerResponse[] = []
  const server = createServer((request, response) => {
    if (request.method === 'POST' && request.url?.startsWith('/images/create')) {
      pulls.push(response.writeHead(200))
      response.flushHeaders()
    } else response.writeHead(404).end('{"message":"no such image"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the engine has no port')
  return {
    docker: new Dockerode({ host: '127.0.0.1', port: address.port, protocol: 'http' }),
    pulls,
  }
}

test('a pull that goes silent is given up after two minutes, one that is only slow is not', async () => {
  const { docker, pulls } = await pullingEngine()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const told: string[] = []
  const ended = expect(
    pullImage(
      docker,
      'example/game:1',
      ({ message }) => told.push(message),
      new AbortController().signal,
    ),
  ).rejects.toMatchObject({ fault: 'timed_out', message: 'The registry sent nothing for 120 s.' })

  await turns(() => pulls.length === 1)
  const [pull] = pulls
  if (pull === undefined) throw new Error('nothing was pulled')
  const closed = once(pull, 'close')
  for (const status of ['Pulling', 'still', 'and still']) {
    pull.write(`${JSON.stringify({ status })}\n`)
    await turns(() => told.includes(status))
    vi.advanceTimersByTime(119_000)
  }
  expect(told).toEqual(['Pulling', 'still', 'and still'])
  vi.advanceTimersByTime(1001)

  await ended
  await closed
})

/** Waits without a timer: those are the test's to move. */
async function turns(claim: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !claim(); turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(claim()).toBe(true)
}
