import { expect, test } from 'vitest'
import { ImageName } from '../../contract/protocol/spec.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

test.each([
  'nginx',
  'catalyst/openttd:local',
  'ghcr.io/owner/eggs/java_21:1.0',
  'localhost:5000/a/b__c.d--e:Tag_1.2-3',
  'Registry.Example:443/name',
  `quay.io/minecraft@${digest}`,
  `name:tag@${digest}`,
])('an image may be named %s', (name) => {
  expect(ImageName.safeParse(name).success).toBe(true)
})

test.each([
  '',
  'name/../../containers',
  'a//b',
  'a/./b',
  'http://registry/name',
  '/name',
  'name/',
  'name:',
  'a:b:c',
  'name@sha256:abc',
  'UPPER',
  '-v',
  'a b',
  'name?all=1',
  'name%2f..',
  'a..b',
  'name\n',
])('no image is named %j', (name) => {
  expect(ImageName.safeParse(name).success).toBe(false)
})

test('a name that was made to be slow is judged at once', () => {
  const before = performance.now()

  for (const part of ['a-', 'a.', 'a_', 'a/', 'A-', 'a:']) {
    ImageName.safeParse(`${part.repeat(255)}!`)
  }

  expect(performance.now() - before).toBeLessThan(100)
})
