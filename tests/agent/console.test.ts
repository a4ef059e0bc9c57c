import { describe, expect, test } from 'vitest'
import { newServerId } from '../support/server-fixtures.ts'
import { createConsoleWorld, settle } from './console-world.ts'

describe('[C1] lines are numbered and kept', () => {
  test('without a hole, whoever said them, before anybody is told', async () => {
    const world = createConsoleWorld()
    const life = world.live()
    const told: string[] = []
    life.console.onLine((serverId, { seq }) => {
      const kept = life.console.history(serverId, seq + 1, 1)
      told.push(`${seq} ${kept[0]?.text}`)
    })

    life.console.system(world.serverId, 'starts')
    void life.console.attach(world.container)
    world.engine.print('hello')
    world.engine.print('oh', undefined, 'stderr')
    await settle()
    life.clock.advance(50)
    life.console.input(world.serverId, 'say hi')

    expect(world.kept(life).map(({ seq, stream, text }) => `${seq} ${stream} ${text}`)).toEqual([
      '1 system starts',
      '2 stdout hello',
      '3 stderr oh',
      '4 input say hi',
    ])
    expect(told).toEqual(['1 starts', '2 hello', '3 oh', '4 say hi'])
  })

  test('each server by itself, and lines of an installation under their own name', async () => {
    const world = createConsoleWorld()
    const life = world.live()
    const other = newServerId()
    const { marks } = world.container

    life.console.installLine(other, 'pulling')
    void life.console.attach({ ...world.container, marks: { ...marks, role: 'install' } })
    world.engine.print('unpacking')
    await settle()

    expect(world.kept(life, other)).toMatchObject([{ seq: 1, stream: 'install', text: 'pulling' }])
    expect(world.kept(life)).toMatchObject([{ seq: 1, stream: 'install', text: 'unpacking' }])
  })

  test('at most 10,000 or a few more per server, the newest', async () => {
    const world = createConsoleWorld()
    const life = world.live()
    void life.console.attach(world.container)

    for (let line = 1; line <= 12_000; line += 1) world.engine.print(String(line))
    await settle()

    const kept = world.kept(life)
    expect(kept.at(-1)).toMatchObject({ seq: 12_000, text: '12000' })
    expect(kept.length).toBeGreaterThanOrEqual(10_000)
    expect(kept.length).toBeLessThan(10_500)
  })

  test('written together when they come together, so that a busy server costs 20 writes a second', async () => {
    const world = createConsoleWorld()
    const life = world.live()
    const seen: number[] = []
    life.console.onLine((_, { seq }) => seen.push(seq))
    void life.console.attach(world.container)
    world.engine.print('first')
    await settle()

    world.engine.print('second')
    world.engine.print('third')
    await settle()
    const early = seen.length
    life.clock.advance(49)
    const before = seen.length
    life.clock.advance(1)

    expect([early, before, seen.length]).toEqual([1, 1, 3])
  })
})

describe('[D7] an agent that comes back', () => {
  test('goes on after the last line it kept, whatever it had read and not kept', async () => {
    const world = createConsoleWorld()
    const first = world.live()
    void first.console.attach(world.container)
    for (const text of ['a', 'b', 'c']) world.engine.print(text)
    await settle()
    first.kill()
    world.engine.print('d')

    const second = world.live()
    const read = second.console.attach(world.container)
    world.engine.end()
    await read

    expect(world.kept(second).map(({ seq, text }) => `${seq} ${text}`)).toEqual([
      '1 a',
      '2 b',
      '3 c',
      '4 d',
    ])
  })

  test('tells lines of one moment apart: it counts how many of them it has', async () => {
    const world = createConsoleWorld()
    const first = world.live()
    void first.console.attach(world.container)
    for (const text of ['a', 'b', 'c', 'd']) world.engine.print(text, 5)
    await settle()
    first.clock.advance(50)
    first.kill()
    world.engine.print('e', 5)
    world.engine.print('f', 6)
    world.engine.end()

    const second = world.live()
    await second.console.attach(world.container)

    expect(world.kept(second).map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('shows one gap for what was rotated away meanwhile', async () => {
    const world = createConsoleWorld()
    const first = world.live()
    void first.console.attach(world.container)
    for (const text of ['a', 'b']) world.engine.print(text)
    await settle()
    first.clock.advance(50)
    first.kill()
    for (const text of ['c', 'd', 'e']) world.engine.print(text)
    world.engine.rotate(4)
    world.engine.end()

    const second = world.live()
    await second.console.attach(world.container)

    expect(world.kept(second).map(({ stream, text }) => `${stream} ${text}`)).toEqual([
      'stdout a',
      'stdout b',
      'gap unknown',
      'stdout e',
    ])
  })

  test('reads nothing twice of a container that ended long ago, and a new one from its start', async () => {
    const world = createConsoleWorld()
    world.engine.print('old')
    world.engine.end()
    const first = world.live()
    await first.console.attach(world.container)
    await first.console.attach(world.container)
    first.kill()

    const second = world.live()
    await second.console.attach(world.container)
    await second.console.attach({ ...world.container, id: 'container-2' })

    expect(world.kept(second).map(({ text }) => text)).toEqual(['old', 'old'])
  })

  test('waits for an engine that is away, and loses nothing to it', async () => {
    const world = createConsoleWorld()
    const life = world.live()
    const read = life.console.attach(world.container)
    world.engine.print('before')
    await settle()

    world.engine.breakOff()
    world.engine.print('meanwhile')
    await settle()
    life.clock.advance(250)
    await settle()
    world.engine.mend()
    world.engine.end()
    life.clock.advance(500)
    await read

    expect(world.kept(life).map(({ text }) => text)).toEqual(['before', 'meanwhile'])
  })
})

describe('a flood', () => {
  test('is cut to 2,000 lines a second and its last hundred, with the number of the others', async () => {
    const world = createConsoleWorld()
    const life = world.live()
    const read = life.console.attach(world.container)
    for (let line = 1; line <= 5_000; line += 1) world.engine.print(String(line), 10)
    world.engine.print('later', 2_000)
    world.engine.end()
    await read

    const kept = world.kept(life)
    const gap = kept.findIndex(({ stream }) => stream === 'gap')
    expect(kept[gap]?.text).toBe('2900')
    expect(kept[gap - 1]?.text).toBe('2000')
    expect(kept.slice(gap + 1).map(({ text }) => text)).toEqual([
      ...Array.from({ length: 100 }, (_, index) => String(4_901 + index)),
      'later',
    ])
  })

  test('is told of a second after it, when nothing comes after it', async () => {
    const world = createConsoleWorld()
    const life = world.live()
    void life.console.attach(world.container)
    for (let line = 1; line <= 2_500; line += 1) world.engine.print(String(line), 10)
    await settle()

    life.clock.advance(1_100)

    const kept = world.kept(life)
    expect(kept.filter(({ stream }) => stream === 'gap').map(({ text }) => text)).toEqual(['400'])
    expect(kept.at(-1)?.text).toBe('2500')
  })

  test('is one only by when it was printed: an hour read in a moment is all kept', async () => {
    const world = createConsoleWorld()
    for (let line = 1; line <= 6_000; line += 1) world.engine.print(String(line), line * 600)
    world.engine.end()
    const life = world.live()

    await life.console.attach(world.container)

    expect(world.kept(life)).toHaveLength(6_000)
  })

  test('[D7] that an agent dies in is the same to the next one', async () => {
    const world = createConsoleWorld()
    const first = world.live()
    void first.console.attach(world.container)
    for (let line = 1; line <= 2_500; line += 1) world.engine.print(String(line), 10)
    await settle()
    first.clock.advance(50)
    first.kill()
    world.engine.print('after', 5_000)
    world.engine.end()

    const second = world.live()
    await second.console.attach(world.container)

    // Those that were held back are read again; the second's count begins anew with them.
    const texts = world.kept(second).map(({ text }) => text)
    expect(texts).toEqual([
      ...Array.from({ length: 2_500 }, (_, index) => String(index + 1)),
      'after',
    ])
  })
})

test('[C4] what leaves the node is clean', () => {
  const world = createConsoleWorld()
  const life = world.live()

  life.console.input(world.serverId, '\u001b]0;owned\u0007say \u001b[31mred\u001b[0m')

  expect(world.kept(life)[0]?.text).toBe('say \u001b[31mred\u001b[0m')
})

test('a removed server leaves nothing, and what its container still says is not taken', async () => {
  const world = createConsoleWorld()
  const life = world.live()
  const read = life.console.attach(world.container)
  world.engine.print('one')
  await settle()

  life.console.forget(world.serverId)
  world.engine.print('two')
  await read
  life.clock.advance(5_000)

  expect(world.kept(life)).toEqual([])
})

test('closing writes what is still in memory and lets containers be', async () => {
  const world = createConsoleWorld()
  const first = world.live()
  void first.console.attach(world.container)
  for (const text of ['a', 'b', 'c']) world.engine.print(text)
  await settle()

  await first.console.close()
  first.kill()

  expect(world.kept(world.live()).map(({ text }) => text)).toEqual(['a', 'b', 'c'])
})
