import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { routesIn } from '../../../agent/runtime/host-ranges.ts'
import { bridgeName, freeBlock, gatewayOf, networkName } from '../../../agent/runtime/network.ts'
import { newServerId } from '../../support/server-fixtures.ts'

const pool = { pool: '10.213.0.0/16', blockBits: 28 }

describe('the block of addresses for a network', () => {
  test('is the first that overlaps with nothing', () => {
    expect(freeBlock(pool, [])).toBe('10.213.0.0/28')
    expect(freeBlock(pool, ['10.213.0.0/28', '10.213.0.32/28'])).toBe('10.213.0.16/28')
    expect(freeBlock(pool, ['10.213.0.0/24', '172.17.0.0/16'])).toBe('10.213.1.0/28')
    expect(freeBlock(pool, ['10.213.0.3/32'])).toBe('10.213.0.16/28')
    expect(freeBlock(pool, ['10.0.0.0/8'])).toBeNull()
    expect(freeBlock(pool, ['fd00::/8', '10.212.255.0/23'])).toBe('10.213.0.0/28')
  })

  test('lies in the pool and apart from every range in use, and there are 4,096 of them', () => {
    const ranges = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 20, max: 32 }),
      ),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(ranges, (drawn) => {
        const taken = drawn.map(([high, low, bits]) => `10.213.${high}.${low}/${bits}`)

        const block = freeBlock(pool, taken)

        if (block === null) return
        const used = new BlockList()
        for (const range of taken) {
          const [address = '', bits] = range.split('/')
          used.addSubnet(address, Number(bits))
        }
        const [first = ''] = block.split('/')
        const [a, b, c, last] = first.split('.').map(Number)
        for (let step = 0; step < 16; step += 1) {
          expect(used.check(`${a}.${b}.${c}.${(last ?? 0) + step}`)).toBe(false)
        }
      }),
    )
    const all: string[] = []
    for (
      let next = freeBlock(pool, all);
      next !== null && all.length < 200;
      next = freeBlock(pool, all)
    ) {
      all.push(next)
    }
    expect(new Set(all).size).toBe(200)
    expect(freeBlock(pool, ['10.213.0.0/17', '10.213.128.0/18', '10.213.192.0/18'])).toBeNull()
  })
})

test("a bridge's name fits into the kernel's 15 characters and differs for servers made together", () => {
  const one = newServerId()

  expect(bridgeName(one)).toMatch(/^ct-[0-9a-f]{12}$/)
  expect(bridgeName(one)).not.toBe(bridgeName(newServerId()))
  expect(networkName(one)).toBe(`catalyst-${one}`)
})

test('routes of the machine are read, all but the default one', () => {
  const table = [
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    '',
  ].join('\n')

  expect(routesIn(table)).toEqual(['172.17.0.0/16', '192.0.2.0/24'])
})

test('the node has the first address of a network’s block', () => {
  expect(gatewayOf('10.213.0.16/28')).toBe('10.213.0.17')
  expect(gatewayOf('192.168.255.0/24')).toBe('192.168.255.1')
})
