import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fillText,
  type PlaceholderFacts,
  unknownPlaceholders,
} from '../../contract/rules/placeholders.ts'

const facts: PlaceholderFacts = {
  environment: { WORLD: 'flat', SERVER_PORT: '25565', SLY: '{{server.uuid}}', lower: 'x' },
  serverId: 'the-id',
  serverName: 'Mine',
  primaryPort: 25_565,
  memoryMb: 2048,
  diskMb: 4096,
  cpuCores: 1.5,
}

describe('a placeholder', () => {
  test.each([
    ['{{server.build.default.port}}', '25565'],
    ['{{ server.allocations.default.port }}', '25565'],
    ['{{server.build.default.ip}}:{{server.build.default.port}}', '0.0.0.0:25565'],
    ['{{server.build.env.WORLD}}', 'flat'],
    ['{{env.WORLD}}', 'flat'],
    ['{{server.environment.WORLD}}', 'flat'],
    ['{{env.lower}}', 'x'],
    ['{{server.build.memory}}/{{server.build.disk}}/{{server.build.cpu}}', '2048/4096/150'],
    ['{{server.uuid}} {{server.name}}', 'the-id Mine'],
    ['no placeholder { here }', 'no placeholder { here }'],
    ['', ''],
    // Nothing of a node is known, and what is not known stays.
    [
      '{{config.token}} {{config.docker.network.name}}',
      '{{config.token}} {{config.docker.network.name}}',
    ],
    ['{{env.NOBODY}}', '{{env.NOBODY}}'],
    ['{{server.build.env.constructor}}', '{{server.build.env.constructor}}'],
    ['{{toString}} {{WORLD}}', '{{toString}} {{WORLD}}'],
  ])('%s', (text, expected) => {
    expect(fillText(text, facts)).toBe(expected)
  })

  test('in a value is text, and is not filled in', () => {
    expect(fillText('{{env.SLY}}', facts)).toBe('{{server.uuid}}')
  })

  test('for the address of the node is left to the node', () => {
    expect(fillText('http://{{config.docker.interface}}:{{env.SERVER_PORT}}/', facts)).toEqual([
      'http://',
      { node: 'gateway' },
      ':25565/',
    ])
    expect(fillText('{{config.docker.network.interface}}', facts)).toEqual([{ node: 'gateway' }])
  })

  test('of a port is empty where there is none', () => {
    expect(fillText('{{server.build.default.port}}', { ...facts, primaryPort: null })).toBe('')
  })

  test('cannot be made from any text without one', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{{')),
        (text) => {
          expect(fillText(text, facts)).toBe(text)
        },
      ),
    )
  })
})

test('what no server will fill is named', () => {
  const text = '{{env.A}} {{env.B}} {{env.SERVER_PORT}} {{server.uuid}} {{config.token}} {{C}}'

  expect(unknownPlaceholders(text, new Set(['A']))).toEqual(['env.B', 'config.token', 'C'])
})
