import { type PullProgress, type Runtime, RuntimeError } from '../runtime/runtime.ts'

export interface Fetching {
  readonly signal: AbortSignal
  /** Says that a pull begins; nothing is said of an image that is here. */
  readonly say: (text: string) => void
  readonly onProgress: (progress: PullProgress) => void
}

/**
 * Sees to it that an image is here. One that is here is not asked for again: the engine would need its
 * registry for that, and a server must start without one.
 * @throws {RuntimeError} `image_missing` with the engine's words
 */
export async function fetchImage(
  runtime: Runtime,
  image: string,
  { signal, say, onProgress }: Fetching,
): Promise<void> {
  if (await runtime.hasImage(image)) return
  say(`Fetching the image ${image}.`)
  try {
    await runtime.pull(image, onProgress, signal)
  } catch (error) {
    // Engines do not always name the image in what they say.
    if (!(error instanceof RuntimeError) || error.message.includes(image)) throw error
    throw new RuntimeError(error.fault, `${image}: ${error.message}`, { cause: error })
  }
  signal.throwIfAborted()
}
