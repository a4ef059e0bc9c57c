import * as z from 'zod'

/**
 * Ids are UUIDs, version 7 when the panel makes them: they sort by age, every tool knows them,
 * and none of them tells how many rows there are.
 */
function idOf<Brand extends string>(brand: Brand) {
  return z.uuid().brand<Brand>().meta({ id: brand })
}

export const UserId = idOf('UserId')
export type UserId = z.infer<typeof UserId>
export const LocationId = idOf('LocationId')
export type LocationId = z.infer<typeof LocationId>
export const NodeId = idOf('NodeId')
export type NodeId = z.infer<typeof NodeId>
export const TemplateId = idOf('TemplateId')
export type TemplateId = z.infer<typeof TemplateId>
export const ServerId = idOf('ServerId')
export type ServerId = z.infer<typeof ServerId>
export const AllocationId = idOf('AllocationId')
export type AllocationId = z.infer<typeof AllocationId>
/** Names addresses and ports that a node gives away. */
export const PoolId = idOf('PoolId')
export type PoolId = z.infer<typeof PoolId>
/** An operation and the node command behind it share one id. */
export const OperationId = idOf('OperationId')
export type OperationId = z.infer<typeof OperationId>
/** Names a session to its account; it is no secret and opens nothing. */
export const SessionId = z
  .string()
  .regex(/^[\w-]{22,64}$/)
  .brand<'SessionId'>()
  .meta({ id: 'SessionId' })
export type SessionId = z.infer<typeof SessionId>
export const AuditId = idOf('AuditId')
export type AuditId = z.infer<typeof AuditId>
export const RoleId = idOf('RoleId')
export type RoleId = z.infer<typeof RoleId>
export const ApiKeyId = idOf('ApiKeyId')
export type ApiKeyId = z.infer<typeof ApiKeyId>
export const InviteId = idOf('InviteId')
export type InviteId = z.infer<typeof InviteId>
/** Names an OpenID provider that people sign in with. */
export const ProviderId = idOf('ProviderId')
export type ProviderId = z.infer<typeof ProviderId>
export const MailId = idOf('MailId')
export type MailId = z.infer<typeof MailId>

/**
 * Makes a UUID of version 7 (RFC 9562, section 5.7).
 * @param now milliseconds since 1970
 * @param random at least 10 random bytes; the time comes from `now` alone
 */
export function uuidv7(now: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('uuidv7 needs 10 random bytes')
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(now / 2 ** 32))
  view.setUint32(2, now % 2 ** 32)
  bytes.set(random.subarray(0, 10), 6)
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
