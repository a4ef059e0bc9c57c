import { createPublicKey, verify } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EnrolmentFailed, enrol } from '../../agent/enrol.ts'
import { openIdentity, peekIdentity } from '../../agent/identity.ts'
import { DirectoryInUse, lockDirectory } from '../../agent/lock.ts'
import { FakePanel, joinToken } from '../support/fake-panel.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

describe('an identity', () => {
  test('[N2] is made once, and counts starts and attempts on disk', () => {
    const dataDir = temporaryDir()
    const first = openIdentity(dataDir)
    first.boot()
    first.dialling(5)

    const second = openIdentity(dataDir)
    second.boot()

    expect(second.machineId).toBe(first.machineId)
    expect(second.publicKey).toBe(first.publicKey)
    expect([second.bootNo, second.connNo]).toEqual([2, 5])
  })

  test('[N1] keeps its private key in a file that only its owner can read', () => {
    const dataDir = temporaryDir()

    openIdentity(dataDir)

    expect(statSync(join(dataDir, 'node.key')).mode & 0o777).toBe(0o600)
  })

  test('[N1] shows 32 raw bytes of an Ed25519 key, with which its signatures verify', () => {
    const identity = openIdentity(temporaryDir())
    const x = Buffer.from(identity.publicKey, 'base64')
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') },
      format: 'jwk',
    })

    const signature = Buffer.from(identity.sign('hello'), 'base64')

    expect(x).toHaveLength(32)
    expect(verify(null, Buffer.from('hello'), key, signature)).toBe(true)
    expect(verify(null, Buffer.from('hullo'), key, signature)).toBe(false)
  })

  test('that is damaged is refused, not replaced by another machine’s', () => {
    const dataDir = temporaryDir()
    openIdentity(dataDir).boot()
    writeFileSync(join(dataDir, 'identity.json'), '{"machineId":')

    expect(() => openIdentity(dataDir)).toThrow(/damaged/)
  })
})

describe('enrolling', () => {
  test('[N1] exchanges a token for a node, and never shows the private key', async () => {
    const panel = await FakePanel.open()
    const dataDir = temporaryDir()
    const identity = openIdentity(dataDir)

    const { nodeName } = await enrol(identity, panel.url, joinToken)

    expect(nodeName).toBe('here')
    expect(identity.nodeId).toBe(panel.nodeId)
    expect(panel.publicKey).toBe(identity.publicKey)
    expect(peekIdentity(dataDir)).toMatchObject({ nodeId: panel.nodeId, panel: panel.url })
    expect(readFileSync(join(dataDir, 'identity.json'), 'utf8')).not.toContain(joinToken)
  })

  test('with a wrong token says what to do', async () => {
    const panel = await FakePanel.open()

    const failure = enrol(openIdentity(temporaryDir()), panel.url, 'wrong')

    await expect(failure).rejects.toThrow('The join token is wrong, used or expired.')
  })

  test('at an address where no panel answers says so', async () => {
    const failure = enrol(openIdentity(temporaryDir()), 'http://127.0.0.1:9', joinToken)

    await expect(failure).rejects.toThrow(EnrolmentFailed)
  })
})

describe('a data directory', () => {
  test('[N2] is locked for one agent, and free again when that one lets go', () => {
    const dataDir = temporaryDir()
    const unlock = lockDirectory(dataDir)

    expect(() => lockDirectory(dataDir)).toThrow(DirectoryInUse)
    unlock()
    lockDirectory(dataDir)()
  })
})
