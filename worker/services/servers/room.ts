import type { NodeId } from '../../../contract/ids.ts'

export interface Room {
  readonly memoryMb: number
  readonly cpuCores: number
  readonly diskMb: number
}

export interface Candidate {
  readonly id: NodeId
  readonly name: string
  readonly online: boolean
  readonly tags: readonly string[]
  readonly maintenance: boolean
  /** With what it may be given over; null: not limited. */
  readonly limit: { readonly [Kind in keyof Room]: number | null }
  readonly taken: Room
}

/** What a node has left; without a limit it never ends. */
export function freeRoom({ limit, taken }: Candidate): Room {
  return {
    memoryMb: (limit.memoryMb ?? Infinity) - taken.memoryMb,
    cpuCores: (limit.cpuCores ?? Infinity) - taken.cpuCores,
    diskMb: (limit.diskMb ?? Infinity) - taken.diskMb,
  }
}

/** Nodes with room for a server: those that are online first, and of these those with the most free memory. */
export function rankNodes(candidates: readonly Candidate[], wanted: Room): readonly Candidate[] {
  return candidates
    .filter((candidate) => fits(candidate, wanted))
    .toSorted(
      (one, other) =>
        Number(other.online) - Number(one.online) ||
        // Two without a limit differ by nothing, which subtracting infinities would not say.
        compare(freeRoom(other).memoryMb, freeRoom(one).memoryMb),
    )
}

function fits(candidate: Candidate, wanted: Room): boolean {
  const free = freeRoom(candidate)
  // Cores are fractions, and so are limits given over: sums of them carry a rounding error.
  const hasRoom = (kind: keyof Room) => free[kind] + 1e-9 >= wanted[kind]
  return hasRoom('memoryMb') && hasRoom('cpuCores') && hasRoom('diskMb')
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1
}
