import { subUsers } from '../../contract/api/sub-users.ts'
import type { Permission } from '../../contract/permissions.ts'
import { createWorld } from '../support/world.ts'

/** A server with its owner, and whoever they share it with. */
export async function sharedServer(options: Parameters<typeof createWorld>[0] = {}) {
  const w = await createWorld(options)
  const [owner, admin] = [await w.user(), await w.admin()]
  const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id })
  /** Invites, and gives the token of the link. */
  const invite = async (
    email: string,
    permissions: readonly Permission[] = ['server.start'],
    by = owner,
  ) => {
    w.clock.advance(1) // so that entries of the audit log have an order
    const asked = { serverId, email, permissions: [...permissions] }
    return tokenIn((await by.call(subUsers.invite, asked)).url)
  }
  const subUser = async (...permissions: Permission[]) => {
    const person = await w.user()
    await w.rows.subUser(serverId, person.id, ['server.read', ...permissions])
    return person
  }
  return { w, owner, admin, serverId, nodeId, invite, subUser }
}

/** What opens an invitation, from its link. */
export function tokenIn(url: string | null): string {
  return new URL(url ?? 'no:link').hash.slice(1)
}
