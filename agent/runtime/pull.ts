import * as z from 'zod'
import type { PullProgress } from './runtime.ts'

/** One message of the engine's pull stream; fields that are not known to us are passed over. */
export const PullMessage = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z
    .object({ current: z.number().optional(), total: z.number().optional() })
    .optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
})
export type PullMessage = z.infer<typeof PullMessage>

interface Layer {
  readonly phase: 'waiting' | 'downloading' | 'downloaded' | 'extracting' | 'done'
  /** Bytes fetched so far. */
  readonly fetched: number
  /** Bytes to fetch; null while the registry has not said. */
  readonly size: number | null
  readonly extracted: number
}

/** What is known of a pull: its layers, and the highest percentage that was told. */
export interface PullState {
  readonly layers: ReadonlyMap<string, Layer>
  readonly percent: number
  readonly message: string
}

export const newPull: PullState = { layers: new Map(), percent: 0, message: '' }

const fresh: Layer = { phase: 'waiting', fetched: 0, size: null, extracted: 0 }

/** Of a layer's work, this much is fetching it; the rest is unpacking. */
const fetchShare = 0.7

/** Takes in one message. Pure. */
export function stepPull(state: PullState, { id, status, progressDetail }: PullMessage): PullState {
  if (status === undefined) return state
  const message = id === undefined ? status : `${id}: ${status}`
  const layer =
    id === undefined ? undefined : nextLayer(state.layers.get(id), status, progressDetail)
  if (id === undefined || layer === undefined) return { ...state, message }
  const layers = new Map(state.layers).set(id, layer)
  // Sizes become known on the way, and an estimate that falls would look like a fault.
  return { layers, message, percent: Math.max(state.percent, percentOf(layers)) }
}

/** What to tell of a pull; null percent and bytes until the first layer is known. */
export function progressOf({ layers, percent, message }: PullState): PullProgress {
  if (layers.size === 0) return { percent: null, bytes: null, message }
  const bytes = [...layers.values()].reduce((sum, { fetched }) => sum + fetched, 0)
  return { percent, bytes, message }
}

/** The engine's own words when the message says that the pull failed. */
export function pullFailure({ error, errorDetail }: PullMessage): string | null {
  return errorDetail?.message ?? error ?? null
}

/** Undefined: the message is not about a layer that has to be fetched. */
function nextLayer(
  before: Layer | undefined,
  status: string,
  detail: PullMessage['progressDetail'],
): Layer | undefined {
  const layer = before ?? fresh
  switch (status) {
    case 'Pulling fs layer':
    case 'Waiting':
      return layer
    case 'Downloading':
      return {
        ...layer,
        phase: 'downloading',
        fetched: Math.max(layer.fetched, detail?.current ?? 0),
        size: detail?.total ?? layer.size,
      }
    case 'Verifying Checksum':
    case 'Download complete':
      return { ...layer, phase: 'downloaded', fetched: layer.size ?? layer.fetched }
    case 'Extracting':
      return { ...layer, phase: 'extracting', extracted: detail?.current ?? layer.extracted }
    case 'Pull complete':
      return { ...layer, phase: 'done', fetched: layer.size ?? layer.fetched }
    default:
      return undefined
  }
}

function percentOf(layers: ReadonlyMap<string, Layer>): number {
  const all = [...layers.values()]
  const sizes = all.flatMap(({ size }) => (size === null ? [] : [size]))
  // A layer whose size nobody told yet counts as an average one.
  const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length || 1
  const weight = ({ size }: Layer) => Math.max(1, size ?? average)
  const total = all.reduce((sum, layer) => sum + weight(layer), 0)
  const done = all.reduce((sum, layer) => sum + weight(layer) * shareDone(layer), 0)
  // The last percent is for the image itself, which is there when the stream ends without a
  // failure.
  return Math.min(99, Math.floor((done / total) * 100))
}

function shareDone({ phase, fetched, size, extracted }: Layer): number {
  const partOf = (amount: number) => (size ? Math.min(1, amount / size) : 0)
  switch (phase) {
    case 'waiting':
      return 0
    case 'downloading':
      return fetchShare * partOf(fetched)
    case 'downloaded':
      return fetchShare
    case 'extracting':
      return fetchShare + (1 - fetchShare) * partOf(extracted)
    case 'done':
      return 1
  }
}
