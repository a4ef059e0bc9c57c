import { RuntimeError, type RuntimeFault } from './runtime.ts'

/** What the engine's client throws, as far as it can be told; everything is optional on purpose. */
interface EngineFailure {
  /** HTTP status; null: the engine did not answer. */
  readonly status: number | null
  /** The system's error code, such as ECONNREFUSED. */
  readonly code: string | null
  /** The engine's own words. */
  readonly words: string
}

/** Recognises a failure once, at the port, and keeps the engine's words. */
export function toRuntimeError(error: unknown): RuntimeError {
  if (error instanceof RuntimeError) return error
  const failure = failureOf(error)
  return new RuntimeError(faultOf(failure), failure.words, { cause: error })
}

function faultOf(failure: EngineFailure): RuntimeFault {
  if (isEngineDown(failure)) return 'engine_down'
  if (isDiskFull(failure)) return 'disk_full'
  if (isPortConflict(failure)) return 'port_in_use'
  // Creating from a missing image is answered with the same status as a missing container.
  if (isNoSuchImage(failure)) return 'image_missing'
  if (isNoSuchContainer(failure)) return 'no_such_container'
  return 'failed'
}

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EACCES',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

function isEngineDown({ status, code }: EngineFailure): boolean {
  return status === null && code !== null && connectionCodes.has(code)
}

function isDiskFull({ words, code }: EngineFailure): boolean {
  return code === 'ENOSPC' || words.includes('no space left on device')
}

/** Taken by another container, or by a process of the host: engines word the two differently. */
function isPortConflict({ words }: EngineFailure): boolean {
  return words.includes('port is already allocated') || words.includes('address already in use')
}

function isNoSuchImage({ status, words }: EngineFailure): boolean {
  return status === 404 && /no such image/i.test(words)
}

function isNoSuchContainer({ status, words }: EngineFailure): boolean {
  return status === 404 && /no such container/i.test(words)
}

/** What was to be removed or made so is gone or so already. */
export function isGone(error: unknown): boolean {
  return failureOf(error).status === 404
}

/** A signal found no process to receive it. */
export function isNotRunning(error: unknown): boolean {
  const { status, words } = failureOf(error)
  return status === 409 && words.includes('is not running')
}

/** The engine is removing it already, for an earlier call. */
export function isBeingRemoved(error: unknown): boolean {
  const { status, words } = failureOf(error)
  return status === 409 && words.includes('removal of container')
}

/** Somebody took the addresses between the look and the making. */
export function isPoolOverlap(error: unknown): boolean {
  return failureOf(error).words.includes('Pool overlaps')
}

export function isNameTaken(error: unknown): boolean {
  return failureOf(error).status === 409
}

function failureOf(error: unknown): EngineFailure {
  if (!(error instanceof Error)) return { status: null, code: null, words: String(error) }
  return {
    status: 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null,
    code: 'code' in error && typeof error.code === 'string' ? error.code : null,
    words: wordsOf(error),
  }
}

/** The client puts `(HTTP code 500) server error - ` before what the engine said. */
function wordsOf({ message }: Error): string {
  return message.replace(/^\(HTTP code \d+\) .*? - /, '').trim()
}
