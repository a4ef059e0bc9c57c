import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { type Weather, Wire } from './wire.ts'

export const fairWeather: Weather = { latencyMs: 0, bytesPerSecond: null, refuses: false }

/** Which way is dead: what the agent sends, or what the panel sends. */
export type Direction = 'up' | 'down'

/** A TCP proxy that stands between an agent and its panel and makes the way between them bad. */
export interface FaultProxy {
  readonly url: URL
  setWeather(weather: Weather): void
  /** Resets every connection, on both sides. */
  cut(): void
  /** Swallows one direction of the connections that there are now; their sockets stay open, for ever. */
  halfOpen(direction: Direction): void
  close(): void
}

interface Pair {
  readonly agent: Socket
  readonly panel: Socket
  readonly up: Wire
  readonly down: Wire
}

/** Listens on a free port of this machine and leads to `target`. */
export async function startFaultProxy(target: URL): Promise<FaultProxy> {
  let weather = fairWeather
  const pairs = new Set<Pair>()
  const server = createServer({ allowHalfOpen: true }, (agent) => {
    if (weather.refuses) {
      agent.resetAndDestroy()
      return
    }
    const panel = connect({
      host: '127.0.0.1',
      port: Number(target.port),
      allowHalfOpen: true,
    })
    const now = () => weather
    const pair = {
      agent,
      panel,
      up: new Wire(agent, panel, now),
      down: new Wire(panel, agent, now),
    }
    pairs.add(pair)
    const forget = () => {
      if (agent.destroyed && panel.destroyed) pairs.delete(pair)
    }
    agent.once('close', forget)
    panel.once('close', forget)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')

  const reset = () => {
    for (const { agent, panel } of pairs) {
      agent.resetAndDestroy()
      panel.resetAndDestroy()
    }
    pairs.clear()
  }
  return {
    url: new URL(`http://127.0.0.1:${address.port}`),
    setWeather: (next) => {
      weather = next
      for (const { up, down } of pairs) {
        up.weatherChanged()
        down.weatherChanged()
      }
    },
    cut: reset,
    halfOpen: (direction) => {
      for (const pair of pairs) pair[direction].swallow()
    },
    close: () => {
      reset()
      server.close()
    },
  }
}
