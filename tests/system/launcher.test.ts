import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auth, setup } from '../../contract/api/accounts.ts'
import { panel } from '../../contract/api/panel.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

describe('the launcher', () => {
  let stack: Stack

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
  })
  afterAll(async () => {
    await stack.stop()
    removeStack(stack.dataDir)
  })

  test('reaches a panel that answers, whose watchdog runs', async () => {
    const health = await until(async () => {
      const now = await stack.call(panel.health, {})
      return now.watchdogAgeSeconds === null ? null : now
    })

    expect(health).toMatchObject({ database: 'ok' })
    expect(health.watchdogAgeSeconds).toBeLessThan(65)
  })

  test('makes the first administrator from the environment and closes that door', async () => {
    expect(await stack.call(setup.state, {})).toEqual({ needed: false })
    expect(await stack.call(auth.me, {})).toMatchObject({
      email: admin.email,
      roles: [{ name: 'Administrator' }],
    })
    await expect(stack.call(setup.makeLink, {})).rejects.toMatchObject({ code: 'already_set_up' })
  })

  test('refuses a second launcher on the same data, with a sentence', async () => {
    const second = startStack({ dataDir: stack.dataDir, args: ['--no-agent'] })

    await expect(second).rejects.toThrow(/runs already .* choose another --data/s)
  })

  test('says which port is taken and how to change it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await until(() => (other.listening ? true : null))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0

    const start = startStack({ args: ['--no-agent', '--port', String(port)] })

    await expect(start).rejects.toThrow(`Port ${port} is in use on 127.0.0.1. Choose another`)
    other.close()
  })

  test('killed outright leaves nothing that blocks the next start, which keeps every row', async () => {
    const workerd = stack.workerd()

    await stack.stop('SIGKILL')
    stack = await startStack({ dataDir: stack.dataDir, args: ['--no-agent'] })

    expect(existsSync(`/proc/${workerd}`)).toBe(false)
    expect(await stack.call(auth.me, {})).toMatchObject({ email: admin.email })
  })

  test('brings workerd and the database back when they are killed', async () => {
    for (const id of [stack.workerd(), stack.processId('libsql')]) {
      process.kill(id, 'SIGKILL')

      const health = await until(() => stack.call(panel.health, {}).catch(() => null))
      await until(async () => {
        const now = await stack.call(panel.health, {}).catch(() => null)
        return now?.database === 'ok' ? now : null
      })

      expect(health.version).toMatch(/^\d/)
    }
  })
})
