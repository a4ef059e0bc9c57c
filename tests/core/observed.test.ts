import { describe, expect, test } from 'vitest'
import type { DesiredServer, ObservedServer, ServerExit } from '../../contract/protocol/spec.ts'
import { noObserved, type ObservedEffect, stepObserved } from '../../durable-objects/observed.ts'
import { desired, observed, serverNo } from './examples.ts'

const server = serverNo(1)
const exit: ServerExit = {
  startNo: 4,
  code: 137,
  signal: 'SIGKILL',
  oom: true,
  expected: false,
  at: '2026-01-01T00:00:00.000Z',
  uptimeMs: 1000,
}

/** Drives what is observed, keeping exits as storage would. */
class Eyes {
  state = noObserved
  readonly effects: ObservedEffect[] = []
  readonly exits = new Set<number>()

  see(seen: ObservedServer, wanted: DesiredServer | null = desired(server)): void {
    const exitKnown = seen.exit !== null && this.exits.has(seen.exit.startNo)
    this.run({ type: 'report', observed: seen, desired: wanted, exitKnown })
  }

  run(event: Parameters<typeof stepObserved>[1]): void {
    const { state, effects } = stepObserved(this.state, event)
    this.state = state
    this.effects.push(...effects)
    for (const effect of effects) {
      if (effect.type === 'save_exit') this.exits.add(effect.exit.startNo)
    }
  }

  news(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'report' ? [effect.news.type] : []))
  }
}

describe('observed', () => {
  test('[D3] a change is kept, reported and shown; the same again is not', () => {
    const eyes = new Eyes()
    eyes.see(observed(server, 'stopped'))
    eyes.see(observed(server, 'stopped', { at: '2026-01-02T00:00:00.000Z' }))
    eyes.see(observed(server, 'starting', { startNo: 1 }))

    expect(eyes.news()).toEqual(['server.observed', 'server.observed'])
    expect(eyes.effects.filter((effect) => effect.type === 'show')).toHaveLength(2)
    expect(eyes.state.servers.get(server)?.observed.state).toBe('starting')
  })

  test('[N9] a server that is not of this node is ignored', () => {
    const eyes = new Eyes()
    eyes.see(observed(server, 'running'), null)
    eyes.see(observed(server, 'removed'), null)

    expect(eyes.effects).toEqual([])
    expect(eyes.state).toBe(noObserved)
  })

  test('[D3] an impossible transition is taken as the truth, and an alert is raised once', () => {
    const eyes = new Eyes()
    for (const state of ['stopped', 'running', 'restoring', 'running'] as const) {
      eyes.see(observed(server, state))
    }

    expect(eyes.state.servers.get(server)?.observed.state).toBe('running')
    expect(eyes.news().filter((type) => type === 'node.alert')).toHaveLength(1)
  })

  test('[D3] what changed while nobody was connected is no impossible transition', () => {
    const eyes = new Eyes()
    eyes.see(observed(server, 'stopped'))
    eyes.run({ type: 'opened' })
    eyes.see(observed(server, 'running'))
    eyes.run({ type: 'caught_up' })
    eyes.see(observed(server, 'stopping'))

    expect(eyes.news()).not.toContain('node.alert')
  })

  test('[D4] an exit is counted once per (serverId, startNo), however often it is told', () => {
    const eyes = new Eyes()
    eyes.see(observed(server, 'crashed', { startNo: 4, exit }))
    eyes.see(observed(server, 'starting', { startNo: 5, exit }))
    eyes.see(observed(server, 'crashed', { startNo: 5, exit: { ...exit, startNo: 5 } }))

    const counted = eyes.effects.flatMap((effect) =>
      effect.type === 'save_exit' ? [effect.exit.startNo] : [],
    )
    expect(counted).toEqual([4, 5])
  })

  test('[D3] a server that was to be removed is reported as removed, and all of it goes', () => {
    const eyes = new Eyes()
    eyes.see(observed(server, 'stopped'))
    eyes.see(observed(server, 'removed'), desired(server, 2, { removed: true }))

    expect(eyes.news()).toEqual(['server.observed', 'server.removed'])
    expect(eyes.effects.at(-1)).toEqual({ type: 'drop_server', serverId: server })
    expect(eyes.state.servers.size).toBe(0)
  })

  test('[N9] an agent cannot remove a server that nobody deleted', () => {
    const eyes = new Eyes()
    eyes.see(observed(server, 'running'))
    eyes.see(observed(server, 'removed'))

    expect(eyes.news()).toEqual(['server.observed', 'node.alert'])
    expect(eyes.state.servers.get(server)?.observed.state).toBe('running')
  })
})
