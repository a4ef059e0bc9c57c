import { eq, inArray } from 'drizzle-orm'
import type { Permission } from '../../../contract/permissions.ts'
import type { Queries } from '../../db/client.ts'
import { type AllocationRow, allocations, type ServerRow } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import type { Ctx } from '../context.ts'
import { readPorts } from './change.ts'
import { setPrimary } from './make-primary.ts'
import { atMostFor, requireOffered } from './self-service.ts'
import { takePort } from './take.ts'
import { addressOf, namesPorts, type PortsGiven, type Wish, wishesOf } from './wishes.ts'

const needed: readonly Permission[] = [
  'allocation.create',
  'allocation.update',
  'allocation.delete',
]

/** Whether a change of a server is one of its ports; whoever makes it may add, change and take them away. */
export async function allowReplace(
  ctx: Ctx,
  server: ServerRow,
  given: PortsGiven,
): Promise<boolean> {
  if (!namesPorts(given) && given.primaryPort === undefined) return false
  for (const permission of needed) await allow(ctx, permission, server.id)
  return true
}

/**
 * Makes a server's ports those that are asked for; what it has already stays. A primary port that is given
 * alone takes the place of the one so far.
 * @returns what it has then
 * @throws what `takePort` and `requireOffered` throw
 */
export async function replacePorts(
  tx: Queries,
  ctx: Ctx,
  server: ServerRow,
  given: PortsGiven,
): Promise<AllocationRow[]> {
  const own = await readPorts(tx, server.id)
  const wishes = namesPorts(given) ? wishesOf(given, null) : movedPrimary(own, given)
  const kept = keep(own, wishes)
  const gone = own.filter((row) => ![...kept.values()].includes(row)).map(({ id }) => id)
  await tx.delete(allocations).where(inArray(allocations.id, gone))
  await tx.update(allocations).set({ isPrimary: false }).where(eq(allocations.serverId, server.id))
  await keepAs(tx, kept)
  const atMost = Math.max(atMostFor(ctx, server), own.length)
  for (const wish of wishes.filter((one) => !kept.has(one))) {
    await requireOffered(tx, ctx, server, wish)
    const taker = { nodeId: server.nodeId, serverId: server.id, atMost }
    const row = await takePort(tx, ctx, taker, wish, false)
    kept.set(wish, row)
  }
  const [first] = wishes
  const primary = first === undefined ? undefined : kept.get(first)
  if (primary !== undefined) await setPrimary(tx, primary)
  return readPorts(tx, server.id)
}

/** For each wish that is fulfilled already the port that does so, each port once. */
function keep(own: readonly AllocationRow[], wishes: readonly Wish[]): Map<Wish, AllocationRow> {
  const kept = new Map<Wish, AllocationRow>()
  const used = new Set<AllocationRow>()
  for (const wish of wishes) {
    const row = own.find((one) => !used.has(one) && isFulfilled(wish, one))
    if (row === undefined) continue
    used.add(row)
    kept.set(wish, row)
  }
  return kept
}

function isFulfilled(wish: Wish, row: AllocationRow): boolean {
  const containerPort = wish.containerPort ?? wish.hostPort
  if (row.containerPort !== containerPort) return false
  if (wish.hostPort !== null && wish.hostPort !== row.port) return false
  return wish.isPlain || (row.ip === addressOf(wish) && row.protocol === wish.protocol)
}

/** Two ports may change their variables for each other's, so all of them are let go of first. */
async function keepAs(tx: Queries, kept: ReadonlyMap<Wish, AllocationRow>): Promise<void> {
  const changed = [...kept].filter(([wish]) => !wish.isPlain)
  const ids = changed.map(([, { id }]) => id)
  await tx.update(allocations).set({ variable: null }).where(inArray(allocations.id, ids))
  for (const [{ notes, alias, variable }, { id }] of changed) {
    await tx.update(allocations).set({ notes, alias, variable }).where(eq(allocations.id, id))
  }
}

/** All that the server has, with the primary one at another host port. */
function movedPrimary(own: readonly AllocationRow[], { primaryPort }: PortsGiven): readonly Wish[] {
  const has = own.find(({ port }) => port === primaryPort)
  const before = own.find(({ isPrimary }) => isPrimary)
  const others = own.filter((row) => row !== has && (has !== undefined || row !== before))
  return [has !== undefined ? wishFor(has) : movedTo(before, primaryPort), ...others.map(wishFor)]
}

function movedTo(before: AllocationRow | undefined, primaryPort: number | undefined): Wish {
  if (before === undefined) return wishesOf({ primaryPort }, null)[0]
  const follows = before.containerPort === before.port
  return {
    ...wishFor(before),
    hostPort: primaryPort ?? null,
    containerPort: follows ? null : before.containerPort,
  }
}

function wishFor(row: AllocationRow): Wish {
  const { ip, port, containerPort, protocol, notes, alias, variable } = row
  const plain = { usualPort: null, isPlain: false }
  return { ...plain, ip, hostPort: port, containerPort, protocol, notes, alias, variable }
}
