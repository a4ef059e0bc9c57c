import { describe, expect, test } from 'vitest'
import {
  type BoundProtocol,
  type HostSocket,
  portChanges,
  portText,
  socketsConflict,
  socketText,
  toPortBindings,
} from '../../contract/rules/ports.ts'
import { firstFree, lowestFree } from '../../worker/services/allocations/free-port.ts'
import { everySocket, placesOf } from '../support/port-model.ts'

describe('two places at a node', () => {
  test('conflict exactly when some single address, port and protocol is in both', () => {
    const all = everySocket([5000, 5001])
    let conflicts = 0
    for (const one of all) {
      for (const other of all) {
        const shared = [...placesOf(one)].some((place) => placesOf(other).has(place))
        expect(socketsConflict(one, other), `${text(one)} and ${text(other)}`).toBe(shared)
        if (shared) conflicts += 1
      }
    }
    expect(conflicts).toBeGreaterThan(all.length)
    expect(conflicts).toBeLessThan(all.length ** 2)
  })
})

describe('the lowest free port', () => {
  const range = { portFrom: 5000, portTo: 5002 }
  const on = (ip: string, port: number, protocol: BoundProtocol = 'both') => ({
    ip,
    port,
    protocol,
  })

  test.each<[string, HostSocket, HostSocket[], number | null]>([
    ['is the first of an empty range', on('0.0.0.0', 0), [], 5000],
    ['passes over what is taken', on('0.0.0.0', 0), [on('0.0.0.0', 5000)], 5001],
    ['fills a gap', on('0.0.0.0', 0), [on('0.0.0.0', 5000), on('0.0.0.0', 5002)], 5001],
    ['may be another address’ one', on('192.0.2.1', 0), [on('192.0.2.2', 5000)], 5000],
    ['may be one of the other protocol', on('::', 0, 'udp'), [on('::', 5000, 'tcp')], 5000],
    ['is none when all are taken', on('::', 0), [5000, 5001, 5002].map((p) => on('::1', p)), null],
  ])('%s', (_sentence, wanted, taken, expected) => {
    expect(lowestFree(range, wanted, taken)).toBe(expected)
  })
})

describe('the first free port of several sources', () => {
  const source = { cidr: '192.0.2.0/30', portFrom: 5000, portTo: 5001 }

  test('is one of a model that writes every place out, until that has none left', () => {
    const taken: HostSocket[] = [{ ip: '0.0.0.0', port: 5001, protocol: 'udp' }]
    const found: string[] = []
    for (;;) {
      const free = firstFree([source], 'tcp', taken)
      if (free === null) break
      const socket = { ...free, protocol: 'tcp' } as const
      expect(taken.some((other) => socketsConflict(socket, other))).toBe(false)
      taken.push(socket)
      found.push(text(socket))
    }
    expect(found).toEqual(
      [0, 1, 2, 3].flatMap((at) => [5000, 5001].map((port) => `192.0.2.${at}:${port}/tcp`)),
    )
  })

  test('is found without looking at all addresses of a source that is full', () => {
    const huge = { cidr: '2001:db8::/32', portFrom: 5000, portTo: 5000 }
    const taken: HostSocket[] = [{ ip: '::', port: 5000, protocol: 'both' }]

    expect(firstFree([huge, { ...source, portFrom: 5001 }], 'udp', taken)).toEqual({
      ip: '192.0.2.0',
      port: 5001,
    })
  })
})

describe('what the next start changes', () => {
  const one = { ip: '0.0.0.0', port: 5000, containerPort: 7777 } as const

  test('is each protocol that is wanted and not bound, and the other way round', () => {
    const wanted = toPortBindings({ ...one, protocol: 'both' })
    const bound = [...toPortBindings({ ...one, protocol: 'udp' }), ...toPortBindings(other())]

    expect(portChanges(wanted, bound)).toEqual({
      toBind: toPortBindings({ ...one, protocol: 'tcp' }),
      toFree: toPortBindings(other()),
    })
    expect(portChanges(wanted, wanted.toReversed())).toEqual({ toBind: [], toFree: [] })
  })

  function other() {
    return { ...one, ip: '::', protocol: 'tcp' } as const
  }
})

test('IPv6 addresses are written in brackets before their port', () => {
  expect(socketText('2001:db8::1', 5000)).toBe('[2001:db8::1]:5000')
  expect(portText({ ip: '192.0.2.1', hostPort: 5000, containerPort: 7777, protocol: 'udp' })).toBe(
    '192.0.2.1:5000 → 7777/udp',
  )
})

function text({ ip, port, protocol }: HostSocket): string {
  return `${socketText(ip, port)}/${protocol}`
}
