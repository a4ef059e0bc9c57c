import type { setup } from '../../../contract/api/accounts.ts'
import type { Output } from '../../../contract/endpoint.ts'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import type { Ctx } from '../context.ts'

export async function setupState({ db }: Ctx): Promise<Output<typeof setup.state>> {
  return { needed: !(await isSetUp(db)) }
}

/** Whether there is an account. There is no way to delete the last one. */
export async function isSetUp(db: Queries): Promise<boolean> {
  const some = await db.select({ id: users.id }).from(users).limit(1)
  return some.length > 0
}
