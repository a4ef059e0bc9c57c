import { asc, desc, eq, sql } from 'drizzle-orm'
import type { Role } from '../../../contract/api/roles.ts'
import { AppError } from '../../../contract/errors.ts'
import type { RoleId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { roles } from '../../db/schema/rights.ts'
import { permissionsOf } from '../auth/recognise.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'

export async function listRoles({ db }: Ctx): Promise<Role[]> {
  const rows = await selectRoles(db).orderBy(desc(sql`${roles.builtin} IS NOT NULL`), asc(roles.id))
  return rows.map(toRole)
}

/** @throws `not_found` */
export async function readRole(db: Queries, id: RoleId): Promise<Role> {
  const [row] = await selectRoles(db).where(eq(roles.id, id))
  if (row === undefined) throw new AppError('not_found')
  return toRole(row)
}

function selectRoles(db: Queries) {
  return db
    .select({
      role: roles,
      userCount: sql<number>`(SELECT count(*) FROM user_roles ur WHERE ur.role_id = roles.id)`,
    })
    .from(roles)
    .$dynamic()
}

function toRole({ role, userCount }: Awaited<ReturnType<typeof selectRoles>>[number]): Role {
  const { nameKey: _key, createdAt, updatedAt, ...rest } = role
  return {
    ...rest,
    permissions: [...permissionsOf(role)],
    userCount,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  }
}
