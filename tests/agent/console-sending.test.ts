import { describe, expect, test } from 'vitest'
import { maxFrameBytes } from '../../contract/protocol/frames.ts'
import { type ConsoleLife, createConsoleWorld } from './console-world.ts'

function sentTexts({ sent }: ConsoleLife): string[] {
  return sent.flatMap(({ lines }) => lines.map(({ text }) => text))
}

describe('[C2] the link gets the lines', () => {
  test('after the number that the panel names, and from then on', () => {
    const world = createConsoleWorld()
    const life = world.live()
    for (const text of ['1', '2', '3']) life.console.input(world.serverId, text)

    life.console.resumeFrom({ [world.serverId]: 2 })
    life.clock.advance(0)
    life.console.watch(new Set([world.serverId]))
    life.console.input(world.serverId, '4')
    life.clock.advance(0)

    expect(sentTexts(life)).toEqual(['3', '4'])
    expect(life.sent.flatMap(({ lines }) => lines.map(({ seq }) => seq))).toEqual([3, 4])
  })

  test('from the first one on of a server that the panel does not name', () => {
    const world = createConsoleWorld()
    const life = world.live()
    life.console.input(world.serverId, '1')

    life.console.resumeFrom({})
    life.clock.advance(0)

    expect(sentTexts(life)).toEqual(['1'])
  })

  test('only between a welcome and the loss of the link', () => {
    const world = createConsoleWorld()
    const life = world.live()
    life.console.input(world.serverId, '1')
    life.clock.advance(5_000)
    const early = sentTexts(life)

    life.console.resumeFrom({})
    life.console.pause()
    life.clock.advance(5_000)
    const paused = sentTexts(life)
    life.console.resumeFrom({})
    life.clock.advance(0)

    expect([early, paused, sentTexts(life)]).toEqual([[], [], ['1']])
  })

  test('again when it did not take them, in order and once', () => {
    const world = createConsoleWorld()
    const life = world.live()
    life.console.resumeFrom({})
    life.console.watch(new Set([world.serverId]))
    life.link.takes = false
    for (const text of ['1', '2']) life.console.input(world.serverId, text)
    life.clock.advance(1_000)

    life.link.takes = true
    life.console.input(world.serverId, '3')
    life.clock.advance(1_000)

    expect(sentTexts(life)).toEqual(['1', '2', '3'])
  })

  test('at once when somebody watches, gathered for a second when nobody does', () => {
    const world = createConsoleWorld()
    const life = world.live()
    life.console.resumeFrom({})
    life.console.input(world.serverId, '1')
    life.console.input(world.serverId, '2')
    life.clock.advance(999)
    const early = life.sent.length
    life.clock.advance(1)
    const gathered = life.sent.map(({ lines }) => lines.length)

    life.console.watch(new Set([world.serverId]))
    life.console.input(world.serverId, '3')
    life.clock.advance(0)

    expect([early, gathered, life.sent.length]).toEqual([0, [2], 2])
  })

  test('in portions that fit into a frame, however they are escaped', () => {
    const world = createConsoleWorld()
    const life = world.live()
    const red = '\u001b[31m'.repeat(800)
    for (let line = 0; line < 300; line += 1) life.console.input(world.serverId, red)

    life.console.resumeFrom({})
    life.clock.advance(1_000)

    expect(life.sent.flatMap(({ lines }) => lines)).toHaveLength(300)
    expect(life.sent.length).toBeGreaterThan(5)
    for (const { lines } of life.sent) {
      expect(Buffer.byteLength(JSON.stringify(lines))).toBeLessThan(maxFrameBytes - 1000)
    }
  })

  test('with a new gap above what it knows, when this log was lost', () => {
    const world = createConsoleWorld()
    const life = world.live()

    life.console.resumeFrom({ [world.serverId]: 500 })
    life.console.input(world.serverId, 'on')
    life.clock.advance(1_000)

    const lines = life.sent.flatMap(({ lines }) => lines)
    expect(lines.map(({ seq, stream, text }) => `${seq} ${stream} ${text}`)).toEqual([
      '501 gap unknown',
      '502 input on',
    ])
  })
})

test('history is given backwards from a number, oldest first', () => {
  const world = createConsoleWorld()
  const life = world.live()
  for (const text of ['1', '2', '3', '4']) life.console.input(world.serverId, text)

  expect(life.console.history(world.serverId, 4, 2).map(({ text }) => text)).toEqual(['2', '3'])
  expect(life.console.history(world.serverId, 1, 2)).toEqual([])
})
