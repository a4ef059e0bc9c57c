import type * as api from '../../../contract/api/allocations.ts'
import type { servers } from '../../../contract/api/servers.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { everyIpv4 } from '../../../contract/rules/ports.ts'
import { invalidField } from '../invalid.ts'
import { canonicalAddress } from './address.ts'

/** A port that a server is to have; null where the panel chooses. */
export interface Wish
  extends Pick<api.AllocationWish, 'protocol' | 'notes' | 'alias' | 'variable'> {
  readonly ip: string | null
  readonly hostPort: number | null
  /** Taken when nobody has it, where none is asked for. */
  readonly usualPort: number | null
  /** Null: the same as the host port. */
  readonly containerPort: number | null
  /** Says two ports and nothing else: one that the server has so already stays as it is. */
  readonly isPlain: boolean
}

export function toWish(given: api.AllocationWish): Wish {
  const { ip, hostPort, containerPort, protocol, notes, alias, variable } = given
  return {
    ip: ip === undefined ? null : canonicalAddress(ip),
    hostPort: hostPort ?? null,
    usualPort: null,
    containerPort: containerPort ?? null,
    isPlain: false,
    protocol,
    notes,
    alias,
    variable,
  }
}

/** How a request says what ports a server is to have. */
export type PortsGiven = Partial<Pick<Input<typeof servers.create>, keyof typeof api.portFields>>

/** Whether a request says anything of all the ports that a server is to have. */
export function namesPorts({ allocations, portBindings }: PortsGiven): boolean {
  return allocations !== undefined || portBindings !== undefined
}

/**
 * All that is asked for, the primary one first.
 * @param usualPort what the game usually has
 * @throws `invalid_input` when it is asked for in two ways that do not go together
 */
export function wishesOf(given: PortsGiven, usualPort: number | null): readonly [Wish, ...Wish[]] {
  const { allocations, portBindings, primaryPort } = given
  if (allocations !== undefined) {
    if (portBindings !== undefined) {
      throw invalidField('portBindings', 'Give allocations or portBindings: one of them.')
    }
    if (primaryPort !== undefined) {
      throw invalidField('primaryPort', 'Say it in allocations, by isPrimary.')
    }
    const at = allocations.findIndex(({ isPrimary }) => isPrimary)
    return withFirst(allocations.map(toWish), Math.max(at, 0))
  }
  const bindings = Object.entries(portBindings ?? {}).map(([containerPort, hostPort]) =>
    plainWish({ hostPort, containerPort: Number(containerPort) }),
  )
  const isPrimary = ({ hostPort, containerPort }: Wish) =>
    hostPort === primaryPort || containerPort === primaryPort
  const at = primaryPort === undefined ? 0 : bindings.findIndex(isPrimary)
  if (bindings.length > 0 && at >= 0) return withFirst(bindings, at)
  return [plainWish({ hostPort: primaryPort ?? null, usualPort }), ...bindings]
}

function plainWish(change: Partial<Wish>): Wish {
  const chosen = { ip: null, hostPort: null, usualPort: null, containerPort: null }
  const details = { notes: null, alias: null, variable: null, isPlain: true }
  return { ...chosen, ...details, protocol: 'both', ...change }
}

function withFirst(wishes: readonly Wish[], at: number): readonly [Wish, ...Wish[]] {
  const first = wishes[at]
  if (first === undefined) throw new Error('no port is asked for')
  return [first, ...wishes.filter((_wish, index) => index !== at)]
}

/** The address that a wish without one means. */
export function addressOf({ ip }: Wish): string {
  return ip ?? everyIpv4
}
