import type { ApiKeyId, UserId } from '../../../contract/ids.ts'
import { hashToken } from '../../crypto.ts'
import type { Ctx } from '../context.ts'
import { addressPrefix } from './address-prefix.ts'

/** What the throttle counts by. Hashes: it has no need to know who people are. */
type Name = string

/** Whoever signs in with this e-mail, whether there is such an account or not. */
export function accountName(email: string): Name {
  return nameOf('account', email)
}

/**
 * A signed-in account that gives its password once more. Apart from signing in, so that a stranger's guesses
 * there do not keep its owner from this.
 */
export function passwordName(id: UserId): Name {
  return nameOf('password', id)
}

/** An account that gives codes of its second factor. */
export function secondFactorName(id: UserId): Name {
  return nameOf('second_factor', id)
}

/** Where sign-ins come from. Empty where that is not known: see `addressPrefix`. */
export function addressNames({ request }: Pick<Ctx, 'request'>): readonly Name[] {
  return addressedAs('address', request.ip)
}

/** Whoever asks for a link to a new password, and for which address: neither is to be flooded with mail. */
export function resetNames({ request }: Pick<Ctx, 'request'>, email: string): readonly Name[] {
  return [...addressedAs('reset_from', request.ip), nameOf('reset', email)]
}

/** Whoever invites by mail, and whom: neither is one to flood others, nor one to be flooded. */
export function inviteNames(inviter: UserId, email: string): readonly Name[] {
  return [nameOf('inviter', inviter), nameOf('invited', email)]
}

/** All who try e-mails that are no account's; for rates, not for attempts. */
export const strangersName: Name = nameOf('strangers', 'sign_in')

/** Where machines join from. */
export function joinNames({ request }: Pick<Ctx, 'request'>): readonly Name[] {
  return addressedAs('join', request.ip)
}

/** Where requests of nobody come from; for rates, not for attempts. */
export function visitorName(ip: string | null): Name | null {
  return addressedAs('visitor', ip)[0] ?? null
}

export function apiKeyName(id: ApiKeyId): Name {
  return nameOf('key', id)
}

function addressedAs(kind: string, ip: string | null): readonly Name[] {
  const prefix = addressPrefix(ip)
  return prefix === null ? [] : [nameOf(kind, prefix)]
}

function nameOf(kind: string, what: string): Name {
  return `${kind}:${hashToken(`${kind} ${what}`)}`
}
