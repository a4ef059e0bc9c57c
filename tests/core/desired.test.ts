import { describe, expect, test } from 'vitest'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import { noDesired } from '../../durable-objects/desired.ts'
import { desired, serverNo } from './examples.ts'
import { Plan, server } from './plan-driver.ts'

describe('pushes', () => {
  test('[D1] the newest (incarnation, generation) wins, in whatever order pushes come', () => {
    const plan = new Plan()
    const states = [
      desired(server, 9),
      desired(server, 2, { incarnation: 1 }),
      desired(server, 3, { incarnation: 1 }),
    ]
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2, 2, 0],
    ]) {
      plan.state = noDesired
      for (const n of order) plan.push(n + 1, states[n] ?? desired(server))

      expect(plan.state.servers.get(server)).toEqual(states[2])
    }
  })

  test('[D1] a change is sent at once while there is a link, and an older one is not', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 1))
    plan.run({ type: 'opened', epoch: 4, digest: desiredDigest([desired(server, 1)]) })
    plan.push(2, desired(server, 2))
    plan.push(1, desired(server, 1))

    expect(plan.frames).toEqual([{ type: 'desired', epoch: 4, server: desired(server, 2) }])
  })

  test('[D6] a suspension closes the sockets that watch the server, once', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 1))
    plan.push(2, desired(server, 2, { suspended: true }))
    const first = plan.closings
    plan.push(3, desired(server, 3, { suspended: true }))
    plan.push(4, desired(server, 4))

    expect([first, plan.closings]).toEqual([1, 1])
  })

  test('[L3] a hole in the revisions makes the object pull; a change in turn does not', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 1))
    plan.push(3, desired(server, 3))
    const afterHole = [plan.pulls, plan.state.revision, plan.generation()]
    plan.run({ type: 'pulled', asked: 1, pull: { revision: 3, servers: [], more: false } })
    plan.push(4, desired(server, 4))

    expect(afterHole).toEqual([1, 1, 3])
    expect([plan.pulls, plan.state.revision]).toEqual([1, 4])
  })

  test('[L3] a panel whose revisions went back is asked for everything', () => {
    const plan = new Plan()
    plan.run({ type: 'pulled', asked: 0, pull: { revision: 50, servers: [], more: false } })
    plan.run({ type: 'pulled', asked: 50, pull: { revision: 20, servers: [], more: false } })

    expect([plan.state.revision, plan.pulls]).toEqual([0, 1])
  })

  test('[D1] a late push of a server that is gone does not bring it back, a new incarnation does', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 2, { removed: true }))
    plan.run({ type: 'removed', serverId: server, now: 5 })
    plan.push(2, desired(server, 1))
    const late = plan.generation()
    plan.push(3, desired(server, 1, { incarnation: 1 }))

    expect([late, plan.generation()]).toEqual([undefined, 1])
  })
})

describe('a new link', () => {
  test('[D1] an agent with the same digest is sent nothing', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 1))

    plan.run({ type: 'opened', epoch: 1, digest: desiredDigest([desired(server, 1)]) })

    expect(plan.frames).toEqual([])
  })

  test('[D1] an agent with another digest is sent everything, closed by desired_end', () => {
    const plan = new Plan()
    const other = desired(serverNo(2), 7, { removed: true })
    plan.push(1, desired(server, 1))
    plan.push(2, other)

    plan.run({ type: 'opened', epoch: 3, digest: desiredDigest([]) })

    const digest = desiredDigest([desired(server, 1), other])
    expect(plan.frames).toEqual([
      { type: 'desired', epoch: 3, server: desired(server, 1) },
      { type: 'desired', epoch: 3, server: other },
      { type: 'desired_end', epoch: 3, digest },
    ])
  })
})
