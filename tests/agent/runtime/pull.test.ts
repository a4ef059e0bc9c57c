import { describe, expect, test } from 'vitest'
import {
  newPull,
  type PullMessage,
  progressOf,
  pullFailure,
  stepPull,
} from '../../../agent/runtime/pull.ts'
import { scriptArchive } from '../../../agent/runtime/script-archive.ts'

function pull(messages: readonly PullMessage[]) {
  const told = []
  let state = newPull
  for (const message of messages) {
    state = stepPull(state, message)
    told.push(progressOf(state))
  }
  return told
}

function layer(id: string, status: string, current?: number, total?: number): PullMessage {
  return { id, status, progressDetail: { ...(current && { current }), ...(total && { total }) } }
}

describe('the progress of a pull', () => {
  test('goes up layer by layer, and is never full before the end', () => {
    const percents = pull([
      { status: 'Pulling from library/debian', id: '12' },
      layer('a', 'Pulling fs layer'),
      layer('b', 'Pulling fs layer'),
      layer('a', 'Downloading', 50, 100),
      layer('a', 'Download complete'),
      layer('b', 'Downloading', 150, 300),
      layer('a', 'Extracting', 100, 100),
      layer('a', 'Pull complete'),
      layer('b', 'Download complete'),
      layer('b', 'Extracting', 300, 300),
      layer('b', 'Pull complete'),
      { status: 'Digest: sha256:…' },
    ]).map(({ percent }) => percent)

    expect(percents[0]).toBeNull()
    const known = percents.flatMap((percent) => (percent === null ? [] : [percent]))
    expect(known).toEqual([...known].sort((one, other) => one - other))
    expect(known.at(-1)).toBe(99)
    expect(known[2]).toBeGreaterThan(0)
  })

  test('never falls when the size of a large layer becomes known', () => {
    const percents = pull([
      layer('a', 'Pulling fs layer'),
      layer('b', 'Pulling fs layer'),
      layer('a', 'Downloading', 10, 10),
      layer('a', 'Pull complete'),
      layer('b', 'Downloading', 1, 1_000_000),
    ]).map(({ percent }) => percent)

    expect(percents.at(-1)).toBe(percents.at(-2))
  })

  test('counts the bytes that were fetched, and leaves out layers that were here', () => {
    const last = pull([
      layer('here', 'Already exists'),
      layer('a', 'Downloading', 40, 100),
      layer('b', 'Downloading', 5, 50),
    ]).at(-1)

    expect(last).toMatchObject({ bytes: 45, message: 'b: Downloading' })
  })

  test('that failed says so in the words of the registry', () => {
    const words = 'pull access denied for x, repository does not exist'

    expect(pullFailure({ error: words, errorDetail: { message: words } })).toBe(words)
    expect(pullFailure({ error: words })).toBe(words)
    expect(pullFailure({ status: 'Downloading' })).toBeNull()
  })
})

test('a script travels as a tar with Unix line ends', () => {
  const archive = scriptArchive('#!/bin/sh\r\necho ü\r\n')

  const name = (at: number) => archive.toString('latin1', at, at + 100).replace(/\0.*$/, '')
  expect([name(0), name(512), name(1024)]).toEqual([
    'mnt/',
    'mnt/install/',
    'mnt/install/install.sh',
  ])
  expect(archive.toString('utf8', 1536, 1536 + 19)).toBe('#!/bin/sh\necho ü\n\0')
  expect(archive.length % 512).toBe(0)
})
