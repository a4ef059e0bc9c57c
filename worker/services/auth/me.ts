import type { Me } from '../../../contract/api/accounts.ts'
import { AppError } from '../../../contract/errors.ts'
import type { Ctx } from '../context.ts'
import { toMe } from './sessions.ts'

export async function me({ caller }: Ctx): Promise<Me> {
  // A script acts for the panel and not for an account.
  if (caller.kind !== 'user')
    throw new AppError('not_found', undefined, 'The operator has no account.')
  return toMe(caller)
}
