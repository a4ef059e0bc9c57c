import { expect, test } from 'vitest'
import { roles as endpoints } from '../../contract/api/roles.ts'
import type { RoleId } from '../../contract/ids.ts'
import type { Permission } from '../../contract/permissions.ts'
import { userRoles } from '../../worker/db/schema/rights.ts'
import { createWorld, type World } from '../support/world.ts'

async function addRole(w: World, name: string, permissions: readonly Permission[]) {
  const { id } = await w.operator.call(endpoints.create, { name, permissions: [...permissions] })
  return id
}

async function giveRole(w: World, roleId: RoleId, ...people: readonly { id: string }[]) {
  const rows = people.map(({ id }) => ({
    userId: id as typeof userRoles.$inferInsert.userId,
    roleId,
  }))
  await w.deps.db.insert(userRoles).values(rows)
}

test('a role that asks for a second factor closes what its holders opened by another role too', async () => {
  const w = await createWorld()
  const [staff, plain] = [await w.user(), await w.user()]
  const node = await w.addNode()
  const [reads, asks] = [
    await addRole(w, 'Reads consoles', ['console.read', 'server.read']),
    await addRole(w, 'Asks for a factor', []),
  ]
  await giveRole(w, reads, staff)
  await giveRole(w, asks, staff, plain)

  await w.operator.call(endpoints.update, { roleId: asks, requiresTwoFactor: true })

  expect(w.node(node.id).shownOut).toContain(staff.id)
})

test('a change of a role that many have asks each node once, and those alone that they can see', async () => {
  const w = await createWorld()
  const roleId = await addRole(w, 'Customer', [])
  const people = await Promise.all(Array.from({ length: 60 }, () => w.rows.user()))
  const [one, two] = [await w.addNode(), await w.addNode()]
  const empty = await w.addNode()
  for (const [no, { id }] of people.slice(0, 4).entries()) {
    await w.addServer({ ownerId: id, nodeId: (no % 2 === 0 ? one : two).id })
  }
  await giveRole(w, roleId, ...people)

  await w.operator.call(endpoints.update, { roleId, requiresTwoFactor: true })

  const asked = [one, two, empty].map(({ id }) => w.node(id))
  expect(asked.map(({ calls }) => calls)).toEqual([1, 1, 0])
  expect(new Set(asked[0]?.shownOut)).toEqual(new Set(people.map(({ id }) => id)))
})
