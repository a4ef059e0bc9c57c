import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { engineAddress, pingEngine } from './engine-ping.ts'
import { findProgram } from './gather-facts.ts'

const startDeadlineMs = 60_000

/**
 * Starts `dockerd` in a session of its own, so that it and the game servers outlive the panel.
 * Resolves when it answers; rejects with the end of its log when it stops or stays silent.
 */
export async function startDetachedEngine(logFile: string): Promise<void> {
  const dockerd = findProgram('dockerd', process.env)
  if (dockerd === null) throw new Error('dockerd was not found')
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(dockerd, [], { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  child.unref()

  let stopped: string | null = null
  child.on('error', (error) => {
    stopped = error.message
  })
  child.on('exit', (code, signal) => {
    stopped = `dockerd stopped (${signal ?? `exit code ${code}`})`
  })
  await untilEngineAnswers(() => stopped).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : error}\n${logTail(logFile)}`)
  })
  child.removeAllListeners()
}

/** Resolves when the engine answers; rejects after a minute or as soon as `failure()` names one. */
export async function untilEngineAnswers(failure: () => string | null): Promise<void> {
  const address = engineAddress(null)
  if (address === null) throw new Error('no engine address')
  const deadline = performance.now() + startDeadlineMs
  while ((await pingEngine(address)) !== 'answers') {
    const reason = failure()
    if (reason !== null) throw new Error(reason)
    if (performance.now() > deadline) throw new Error('the Docker engine did not answer in time')
    await delay(100)
  }
}

function logTail(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n')
}
