import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { InviteId, ServerId, UserId } from '../ids.ts'
import { Permission, Preset, subUserPermissions } from '../permissions.ts'
import { MadeLink } from './account-links.ts'
import { Email, Password, PersonName, SignedIn } from './accounts.ts'

const Account = z.object({ userId: UserId, name: z.string(), email: z.string() })

export const SubUser = Account.extend({
  permissions: z.array(Permission),
  createdAt: z.iso.datetime(),
}).meta({ id: 'SubUser' })
export type SubUser = z.infer<typeof SubUser>

/** An invitation as those see it who manage it; what opens it is not here. */
export const ServerInvite = z
  .object({
    id: InviteId,
    email: z.string(),
    /** Of one that offers the server itself: what its owner so far keeps. */
    permissions: z.array(Permission),
    /** It offers the server itself. */
    offersOwnership: z.boolean(),
    invitedByName: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'ServerInvite' })
export type ServerInvite = z.infer<typeof ServerInvite>

/**
 * An invitation that was just made. Where mail is set up its link is mailed and shown to nobody else, so
 * that whoever uses it has shown that the address is theirs.
 */
export const MadeInvite = MadeLink.extend({ invite: ServerInvite }).meta({ id: 'MadeInvite' })
export type MadeInvite = z.infer<typeof MadeInvite>

export const InvitePreview = z
  .object({
    serverName: z.string(),
    invitedByName: z.string(),
    /** The account that it is for has this e-mail. */
    email: z.string(),
    offersOwnership: z.boolean(),
    /** What it gives now. */
    permissions: z.array(Permission),
    /** `void`: whoever made it may not do so any more. */
    state: z.enum(['open', 'expired', 'void']),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'InvitePreview' })
export type InvitePreview = z.infer<typeof InvitePreview>

export const SubUserPermissions = z
  .array(Permission)
  .refine((names) => new Set(names).size === names.length, 'Name each permission once.')
  .refine(
    (names) => names.every((name) => subUserPermissions.includes(name)),
    'One of them cannot be given to a sub-user.',
  )

const asked = {
  permissions: SubUserPermissions.optional().describe('`server.read` is always one of them.'),
  preset: Preset.optional().describe('In place of `permissions`.'),
}

function namesOne({ permissions, preset }: { permissions?: unknown; preset?: unknown }): boolean {
  return (permissions === undefined) !== (preset === undefined)
}
const oneOfBoth = { path: ['permissions'], error: 'Give permissions or a preset: one of them.' }

/** The page of the panel that an invitation leads to; the token follows as fragment. */
export const serverInvitePage = '/server-invite'

const params = z.object({ serverId: ServerId })
const InviteToken = z.string().min(1).max(200)

export const subUsers = {
  list: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId/users',
    summary: 'Who has access to a server, and who is invited',
    tag: 'Sub-users',
    needs: 'subuser.read',
    params,
    returns: z.object({
      owner: Account,
      subUsers: z.array(SubUser),
      invites: z.array(ServerInvite),
    }),
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/servers/:serverId/users/:userId',
    summary: 'Set what a sub-user may do; nobody gives or takes what they do not have themselves',
    tag: 'Sub-users',
    needs: 'subuser.update',
    params: params.extend({ userId: UserId }),
    body: z.object(asked).refine(namesOne, oneOfBoth),
    returns: SubUser,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/servers/:serverId/users/:userId',
    summary: 'Take all access away; sub-users may always do so to themselves',
    tag: 'Sub-users',
    needs: 'subuser.delete',
    params: params.extend({ userId: UserId }),
    returns: Nothing,
  }),
  invite: endpoint({
    method: 'POST',
    path: '/api/servers/:serverId/invites',
    summary: 'Invite somebody by e-mail for 7 days; a link that they had before is void',
    tag: 'Sub-users',
    needs: 'subuser.create',
    params,
    body: z.object({ email: Email, ...asked }).refine(namesOne, oneOfBoth),
    returns: MadeInvite,
    secret: true,
    status: 201,
  }),
  revokeInvite: endpoint({
    method: 'DELETE',
    path: '/api/servers/:serverId/invites/:inviteId',
    summary: 'Take an invitation back',
    tag: 'Sub-users',
    needs: 'subuser.delete',
    params: params.extend({ inviteId: InviteId }),
    returns: Nothing,
  }),
}

export const ownership = {
  set: endpoint({
    method: 'PUT',
    path: '/api/servers/:serverId/owner',
    summary:
      'Give a server to another account: at once for who may do so on the whole panel; its owner makes an offer, which the receiver accepts',
    tag: 'Sub-users',
    needs: 'server.set_owner',
    params,
    body: z
      .object({
        ownerId: UserId.optional().describe('Only with the right on the whole panel.'),
        email: Email.optional(),
        keepAccess: z
          .boolean()
          .default(false)
          .describe('The owner so far stays as a sub-user with the preset `full`.'),
      })
      .refine(({ ownerId, email }) => (ownerId === undefined) !== (email === undefined), {
        path: ['email'],
        error: 'Name the new owner by e-mail or by id: one of them.',
      }),
    returns: z.object({
      ownerId: UserId.describe('Who owns it now.'),
      offer: MadeInvite.nullable().describe('Null: it has changed hands.'),
    }),
    secret: true,
  }),
}

/** For whoever holds the link of an invitation. */
export const invites = {
  preview: endpoint({
    method: 'POST',
    path: '/api/invites/preview',
    summary: 'What an invitation offers',
    tag: 'Sub-users',
    needs: 'public',
    body: z.object({ token: InviteToken }),
    returns: InvitePreview,
  }),
  accept: endpoint({
    method: 'POST',
    path: '/api/invites/accept',
    summary: 'Accept an invitation to your e-mail address',
    tag: 'Sub-users',
    needs: 'account',
    body: z.object({ token: InviteToken }),
    returns: z.object({ serverId: ServerId }),
  }),
  register: endpoint({
    method: 'POST',
    path: '/api/invites/register',
    summary: 'Create the account that an invitation is for, accept, and sign in',
    tag: 'Sub-users',
    needs: 'public',
    body: z.object({ token: InviteToken, name: PersonName, password: Password }),
    returns: SignedIn,
    status: 201,
  }),
}
