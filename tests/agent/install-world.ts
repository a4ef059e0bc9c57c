import type { ServerSpec } from '../../contract/protocol/spec.ts'
import type { MemoryProcess } from '../support/memory-engine.ts'
import { aDesired, aSpec } from '../support/server-fixtures.ts'
import { until } from '../support/until.ts'
import { agentWorld, game } from './agent-world.ts'

const installer = 'example/installer:1'
export const script = { image: installer, entrypoint: '/bin/sh', script: 'echo hello' }
export const scripted = aSpec({ install: script })

/** A world whose installation script says a line and ends when the test says so. */
export async function scriptWorld(spec: ServerSpec = scripted) {
  const world = await agentWorld()
  const scripts: MemoryProcess[] = []
  world.engine.program(spec.image, game)
  world.engine.program(installer, (process) => {
    scripts.push(process)
    process.print('unpacking')
  })
  const server = aDesired({ spec })
  world.panel.want(server)
  return {
    ...world,
    server,
    /** How often the script was run. */
    runs: () => scripts.length,
    endScript: (code: number) => scripts.at(-1)?.exit(code),
    untilScriptRuns: (times = 1) => until(() => scripts.length >= times, 'the script'),
  }
}

export type ScriptWorld = Awaited<ReturnType<typeof scriptWorld>>
