import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openLineLog } from '../../local/processes/line-log.ts'
import { endOrphan, writePidFile } from '../../local/processes/pid-file.ts'
import { startedAt } from '../../local/processes/process-table.ts'
import { deathsInARow, restartDelay } from '../../local/processes/restart-delay.ts'
import { type ChildOptions, superviseChild } from '../../local/processes.ts'

const stayAlive = 'setInterval(() => undefined, 1000);'
const sayReady = 'console.log(JSON.stringify({ ready: true, id: process.pid }));'

function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'processes-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return { pidFile: join(folder, 'child.pid'), logFile: join(folder, 'logs/all.log') }
}

function supervise(script: string, options: Partial<ChildOptions> = {}) {
  const { pidFile, logFile } = createFolder()
  const ready: unknown[] = []
  const deaths: string[] = []
  const child = superviseChild({
    name: 'child',
    program: process.execPath,
    args: () => ['-e', script],
    env: process.env,
    log: openLineLog(logFile),
    pidFile,
    restart: { firstDelayMs: 1, maxDelayMs: 4, steadyAfterMs: 60_000 },
    stopWithinMs: 5_000,
    onReady: (message) => ready.push(message),
    onDeath: (reason) => deaths.push(reason),
    ...options,
  })
  onTestFinished(() => child.stop())
  return { child, ready, deaths, pidFile, log: () => readFileSync(logFile, 'utf8') }
}

/** A child that another run of the launcher left behind. */
async function startOrphan(script: string, mark = 'CATALYST_CHILD=orphan') {
  const [name = '', value] = mark.split('=')
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    env: { ...process.env, [name]: value },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const id = child.pid ?? 0
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [chunk]: unknown[] = await once(child.stdout, 'data')
  return { id, said: String(chunk).trim(), mark }
}

const isAlive = (id: number) => startedAt(id) !== null

describe('a supervised child', () => {
  test('says that it is ready, writes to the log with its name, and stops when asked', async () => {
    const w = supervise(`console.error('a warning'); ${sayReady} ${stayAlive}`)

    expect(await w.child.ready).toEqual({ ready: true, id: w.child.processId() })
    await vi.waitFor(() => expect(w.log()).toMatch(/^\S+ \[child\] a warning$/m))
    expect(existsSync(w.pidFile)).toBe(true)
    await w.child.stop()

    expect(existsSync(w.pidFile)).toBe(false)
    expect(w.deaths).toEqual([])
  })

  test('is started again each time it dies, and not after it was stopped', async () => {
    const w = supervise(`${sayReady} ${stayAlive}`)

    for (let times = 1; times <= 3; times += 1) {
      await vi.waitFor(() => expect(w.ready).toHaveLength(times))
      if (times < 3) process.kill(w.child.processId() ?? 0, 'SIGKILL')
    }
    await w.child.stop()

    expect(w.deaths).toEqual(['was ended by SIGKILL', 'was ended by SIGKILL'])
    expect(w.child.processId()).toBeNull()
  })

  test('that never became ready is not started again, and its last words are told', async () => {
    const w = supervise("console.error('port 1 is taken'); process.exitCode = 3")

    await expect(w.child.ready).rejects.toThrow('child ended with exit code 3\nport 1 is taken')

    expect(w.deaths).toEqual(['ended with exit code 3'])
  })

  test('that cannot be started at all is told as well', async () => {
    const w = supervise('', { program: '/nowhere/node' })

    await expect(w.child.ready).rejects.toThrow('ENOENT')
  })

  test('that ignores SIGTERM is killed after its time', async () => {
    const w = supervise(`process.on('SIGTERM', () => 0); ${sayReady} ${stayAlive}`, {
      stopWithinMs: 20,
    })
    await w.child.ready
    const id = w.child.processId() ?? 0

    await w.child.stop()

    expect(isAlive(id)).toBe(false)
  })

  test('takes what it left behind with it', async () => {
    const w = supervise(`
      const { spawn } = require('node:child_process')
      const left = spawn(process.execPath, ['-e', '${stayAlive}'], { stdio: 'ignore' })
      console.log(JSON.stringify({ ready: true, left: left.pid }))
      ${stayAlive}`)
    const message = await w.child.ready
    const left = typeof message === 'object' && message && 'left' in message ? message.left : 0
    expect(isAlive(Number(left))).toBe(true)

    process.kill(w.child.processId() ?? 0, 'SIGKILL')

    await vi.waitFor(() => expect(isAlive(Number(left))).toBe(false))
  })
})

describe('what an earlier run left behind', () => {
  test('is ended, by force if need be, and named', async () => {
    const { pidFile } = createFolder()
    const polite = await startOrphan(`console.log(1); ${stayAlive}`)
    writePidFile(pidFile, { ...polite, command: 'polite' })
    expect(await endOrphan(pidFile, 5_000)).toBe('polite')
    expect(isAlive(polite.id)).toBe(false)
    expect(existsSync(pidFile)).toBe(false)

    const deaf = await startOrphan(`process.on('SIGTERM', () => 0); console.log(1); ${stayAlive}`)
    writePidFile(pidFile, { ...deaf, command: 'deaf' })
    expect(await endOrphan(pidFile, 20)).toBe('deaf')
    expect(isAlive(deaf.id)).toBe(false)
  })

  test('is found by its mark when the process that began it is gone', async () => {
    const { pidFile } = createFolder()
    const leader = await startOrphan(`
      const { spawn } = require('node:child_process')
      console.log(spawn(process.execPath, ['-e', '${stayAlive}'], { stdio: 'ignore' }).pid)
      ${stayAlive}`)
    const left = Number(leader.said)
    writePidFile(pidFile, { ...leader, command: 'leader' })
    process.kill(leader.id, 'SIGKILL')
    await vi.waitFor(() => expect(isAlive(leader.id)).toBe(false))
    expect(isAlive(left)).toBe(true)

    expect(await endOrphan(pidFile, 5_000)).toBe('leader')

    await vi.waitFor(() => expect(isAlive(left)).toBe(false))
  })

  test('is never somebody else who got its number', async () => {
    const { pidFile } = createFolder()
    const stranger = await startOrphan(`console.log(1); ${stayAlive}`, 'OTHER=1')
    const noted = { id: stranger.id, mark: 'CATALYST_CHILD=old', command: 'old' }
    writeFileSync(pidFile, JSON.stringify({ ...noted, startedAt: 'long ago' }))

    expect(await endOrphan(pidFile, 0)).toBeNull()

    expect(isAlive(stranger.id)).toBe(true)
  })

  test('is nothing when the file is absent or makes no sense', async () => {
    const { pidFile } = createFolder()
    expect(await endOrphan(pidFile, 0)).toBeNull()
    writeFileSync(pidFile, `{"id": ${process.pid}`)
    expect(await endOrphan(pidFile, 0)).toBeNull()
  })
})

test('restarts come slower with each early death, and at once again after a steady run', () => {
  const policy = { firstDelayMs: 100, maxDelayMs: 1_000, steadyAfterMs: 10_000 }

  const delays = [1, 2, 3, 4, 5, 50].map((deaths) => restartDelay(policy, deaths))

  expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000])
  expect(deathsInARow(policy, 4, 9_999)).toBe(5)
  expect(deathsInARow(policy, 4, 10_000)).toBe(1)
})
