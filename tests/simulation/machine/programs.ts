import type { Container, Program, ProgramHost } from './container.ts'
import { linesKept } from './disk.ts'

/** The line by which simulated servers are stopped. */
export const stopLine = 'stop'

/** Milliseconds, least and most. */
const installTakes = [300, 9_000] as const
const endsWithin = [2_000, 20_000] as const
const stopTakes = [100, 4_000] as const

/** Starts what the container is for: a server that talks and may crash, or an installation that ends. */
export function beginProgram(engine: ProgramHost, container: Container): Program {
  return container.view.marks.role === 'install'
    ? installation(engine, container)
    : server(engine, container)
}

function installation(engine: ProgramHost, container: Container): Program {
  const { timeline, random } = engine
  const { id } = container.view
  const isGood = random.chance(0.85)
  engine.print(container, `${id} begins`)
  const takes = random.between(...installTakes)
  const cancel = timeline.after(takes, () => {
    engine.print(container, `${id} ends`)
    engine.end(id, isGood ? 0 : 1)
  })
  return { signal: () => engine.end(id, 143), line: () => {}, stop: cancel }
}

function server(engine: ProgramHost, container: Container): Program {
  const { timeline, random } = engine
  const { id } = container.view
  const { ready } = container.order.spec
  const cancels: (() => void)[] = []
  const later = (ms: number, work: () => void) => cancels.push(timeline.after(ms, work))
  const isDeaf = random.chance(0.1)
  let said = 0
  const say = (text: string) => {
    said += 1
    engine.print(container, `${id} ${said} ${text}`)
  }
  const chatter = () => {
    if (!engine.isLively) return
    // More at once than the agent keeps; only where nothing is waited for that would be lost with it.
    const isBurst = ready.length === 0 && random.chance(0.08)
    for (let left = isBurst ? 3 * linesKept : 1; left > 0; left -= 1) say('goes on')
    later(random.between(2_000, 25_000), chatter)
  }
  const stopSoon = () => {
    if (isDeaf) return engine.record.saw('server.deaf')
    later(random.between(...stopTakes), () => {
      say('bye')
      engine.end(id, 0)
    })
  }
  say('hello')
  later(random.between(200, 2_000), () => {
    say('Done')
    chatter()
  })
  if (random.chance(0.3)) {
    later(random.between(...endsWithin), () => {
      if (!engine.isLively) return
      const isTold = random.chance(0.85)
      engine.record.saw(isTold ? 'server.ends' : 'server.ends_unheard')
      engine.end(id, random.one([0, 1, 137, 139]), isTold)
    })
  }
  return {
    signal: stopSoon,
    line: (text) => {
      if (text === stopLine) stopSoon()
      else say(`read ${text}`)
    },
    stop: () => {
      for (const cancel of cancels) cancel()
    },
  }
}
