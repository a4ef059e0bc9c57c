import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSecretBox, readKeyRing } from '../../worker/secret-box.ts'

const rng = { bytes: (count: number) => new Uint8Array(randomBytes(count)) }
const key = () => rng.bytes(32)
const place = { table: 'totp_secrets', column: 'secret', row: 'ann' }

describe('a sealed secret [S19]', () => {
  const box = createSecretBox([['one', key()]], rng)

  test('opens where it was sealed, and tells nothing until then', () => {
    const sealed = box.seal(place, 'ünsayable')

    expect(sealed).not.toContain('say')
    expect(box.seal(place, 'ünsayable')).not.toBe(sealed)
    expect(box.open(place, sealed)).toBe('ünsayable')
  })

  test('is worth nothing in another row, column or table', () => {
    const sealed = box.seal(place, 'secret')

    for (const other of [{ row: 'bob' }, { column: 'key' }, { table: 'mails' }]) {
      expect(() => box.open({ ...place, ...other }, sealed)).toThrow()
    }
  })

  test('does not open when any of its characters was changed', () => {
    const sealed = box.seal(place, 'secret')

    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      const changed = `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`
      expect(() => box.open(place, changed), changed).toThrow()
    }
    expect(() => box.open(place, sealed.slice(0, -30))).toThrow()
    expect(() => box.open(place, '')).toThrow()
  })

  test('of an older key opens as long as the key is in the ring; new ones take the first', () => {
    const [older, newer] = [key(), key()]
    const sealed = createSecretBox([['older', older]], rng).seal(place, 'secret')
    const ring = createSecretBox(
      [
        ['newer', newer],
        ['older', older],
      ],
      rng,
    )

    expect(ring.open(place, sealed)).toBe('secret')
    expect(ring.seal(place, 'secret')).toMatch(/^v1\.newer\./)
    expect(() => createSecretBox([['newer', newer]], rng).open(place, sealed)).toThrow(/older/)
    expect(() => createSecretBox([['older', newer]], rng).open(place, sealed)).toThrow()
  })
})

test('a key ring says what is wrong with it, and never a key', () => {
  const good = Buffer.from(key()).toString('base64url')

  expect(readKeyRing(JSON.stringify({ a: good }))).toHaveLength(1)
  const badly = [`{"a b":"${good}"}`, `{"1":"${good}"}`, '{"a":"c2hvcnQ"}', '{"a":1}']
  for (const wrong of ['{}', '[]', 'null', ...badly]) {
    expect(() => readKeyRing(wrong), wrong).toThrow()
  }
  expect(() => readKeyRing(JSON.stringify({ a: `${good}AA` }))).toThrow(/^(?!.*AA)/)
})
