import { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import { callLimits, limited } from './docker-call.ts'
import { isGone, toRuntimeError } from './docker-errors.ts'
import { newPull, PullMessage, progressOf, pullFailure, stepPull } from './pull.ts'
import { type PullProgress, RuntimeError } from './runtime.ts'

export function hasImage(docker: Dockerode, image: string): Promise<boolean> {
  return limited('inspect the image', callLimits.look, async () => {
    try {
      await docker.getImage(image).inspect()
      return true
    } catch (error) {
      if (isGone(error)) return false
      throw error
    }
  })
}

/**
 * Fetches an image. When the registry fails and the image is here all the same, that one will do.
 * @throws {RuntimeError} `image_missing` with the registry's words
 */
export async function pullImage(
  docker: Dockerode,
  image: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  try {
    await fetchLayers(docker, image, onProgress, signal)
    onProgress({ percent: 100, bytes: null, message: `Fetched ${image}` })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const failure = toRuntimeError(error)
    if (failure.fault === 'engine_down' || !(await hasImage(docker, image))) throw failure
    const message = `Not fetched, the local image is used: ${failure.message}`
    onProgress({ percent: 100, bytes: null, message })
  }
}

async function fetchLayers(
  docker: Dockerode,
  image: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const abort = () => stop.abort()
  signal.addEventListener('abort', abort, { once: true })
  const silence = setTimeout(abort, callLimits.pullSilence)
  let state = newPull
  try {
    for await (const message of messagesOf(await open(docker, image, stop.signal))) {
      silence.refresh()
      const failure = pullFailure(message)
      if (failure !== null) throw missing(failure)
      state = stepPull(state, message)
      onProgress(progressOf(state))
    }
  } catch (error) {
    if (stop.signal.aborted && !signal.aborted) throw silent()
    throw error
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', abort)
    stop.abort()
  }
}

/** The engine answers a name that it cannot look up before any stream begins. */
async function open(docker: Dockerode, image: string, signal: AbortSignal): Promise<Readable> {
  try {
    const stream: unknown = await docker.pull(image, { abortSignal: signal })
    if (!(stream instanceof Readable)) throw new Error('the engine answered without a stream')
    return stream
  } catch (error) {
    const failure = toRuntimeError(error)
    throw failure.fault === 'failed' ? missing(failure.message) : failure
  }
}

async function* messagesOf(stream: Readable): AsyncGenerator<PullMessage> {
  let rest = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield PullMessage.parse(JSON.parse(line))
  }
  if (rest.trim() !== '') yield PullMessage.parse(JSON.parse(rest))
}

function missing(words: string): RuntimeError {
  const fault = words.includes('no space left on device') ? 'disk_full' : 'image_missing'
  return new RuntimeError(fault, words)
}

function silent(): RuntimeError {
  const seconds = callLimits.pullSilence / 1000
  return new RuntimeError('timed_out', `The registry sent nothing for ${seconds} s.`)
}
