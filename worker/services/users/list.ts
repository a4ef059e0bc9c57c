import { asc, count } from 'drizzle-orm'
import type { users as endpoints, User } from '../../../contract/api/accounts.ts'
import type { Input, Page } from '../../../contract/endpoint.ts'
import { containsText } from '../../db/contains.ts'
import { users } from '../../db/schema/accounts.ts'
import type { Ctx } from '../context.ts'
import { offsetOf, toPage } from '../page.ts'
import { selectUsers, toUser } from './present.ts'

export async function listUsers(
  ctx: Ctx,
  query: Input<typeof endpoints.list>,
): Promise<Page<User>> {
  const where = containsText([users.name, users.email], query.search)
  const [[counted], rows] = await ctx.db.batch([
    ctx.db.select({ total: count() }).from(users).where(where),
    selectUsers(ctx.db)
      .where(where)
      .orderBy(asc(users.createdAt), asc(users.id))
      .limit(query.limit)
      .offset(offsetOf(query)),
  ])
  return toPage(rows.map(toUser), counted?.total ?? 0, query)
}
