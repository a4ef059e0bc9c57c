import type { MailChange } from '../../../contract/api/settings.ts'
import { AppError } from '../../../contract/errors.ts'
import type { Deps } from '../context.ts'
import { type StoredMail, secretPlace } from './stored.ts'

type Secrets = Pick<Deps, 'secrets'>
type Of<T, Transport> = Extract<T, { transport: Transport }>

/**
 * What is stored of a change to the way that mail goes. A secret that is not given stays, unless it would
 * go to another server than the one it was given for: who may change settings could read it there.
 * @throws `invalid_input`
 */
export function sealMail(deps: Secrets, before: StoredMail, change: MailChange): StoredMail {
  switch (change.transport) {
    case 'none':
      return change
    case 'http':
      return sealHttp(deps, before, change)
    case 'smtp':
      return sealSmtp(deps, before, change)
  }
}

function sealHttp(
  { secrets }: Secrets,
  before: StoredMail,
  { key, ...change }: Of<MailChange, 'http'>,
): StoredMail {
  if (key !== undefined) return { ...change, key: secrets.seal(secretPlace('mail.key'), key) }
  const isSame = before.transport === 'http' && before.url === change.url
  if (!isSame || before.key === undefined) throw missing('key', 'The key for this address.')
  return { ...change, key: before.key }
}

function sealSmtp(
  { secrets }: Secrets,
  before: StoredMail,
  { password, ...change }: Of<MailChange, 'smtp'>,
): StoredMail {
  if (change.user === null) return change
  if (password !== undefined) {
    return { ...change, password: secrets.seal(secretPlace('mail.password'), password) }
  }
  const isSame =
    before.transport === 'smtp' &&
    before.host === change.host &&
    before.port === change.port &&
    before.user === change.user
  if (!isSame || before.password === undefined) {
    throw missing('password', 'The password for this server and user.')
  }
  return { ...change, password: before.password }
}

function missing(field: string, message: string): AppError {
  return new AppError('invalid_input', [{ path: ['mail', field], message }])
}
