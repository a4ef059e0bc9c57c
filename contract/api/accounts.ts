import * as z from 'zod'
import { endpoint, Nothing, pageQuery } from '../endpoint.ts'
import { RoleId, SessionId, UserId } from '../ids.ts'
import { BuiltinRole, Permission } from '../permissions.ts'
import { Name } from '../text.ts'

export const Email = z.email().max(254).toLowerCase().meta({ id: 'Email' })
/** No rule but length: composition rules make weaker passwords (NIST SP 800-63B). */
export const Password = z.string().min(8).max(256)
export const PersonName = Name

/** A role as those see it who have it. */
export const HeldRole = z
  .object({ id: RoleId, name: z.string(), builtin: BuiltinRole.nullable() })
  .meta({ id: 'HeldRole' })
export type HeldRole = z.infer<typeof HeldRole>
export const HeldRoles = z.array(HeldRole)

export const User = z
  .object({
    id: UserId,
    email: z.string(),
    name: z.string(),
    roles: HeldRoles,
    /** Whether a second factor is asked for when it signs in. */
    hasTwoFactor: z.boolean(),
    /** Without one it has yet to accept its invitation, or signs in elsewhere. */
    hasPassword: z.boolean(),
    /** Nobody can sign in as it before its invitation is accepted. */
    isInvited: z.boolean(),
    /** When the link of its invitation expires; null: it has none. */
    invitedUntil: z.iso.datetime().nullable(),
    /** Since then nobody can sign in as it; null: it is in use. */
    disabledAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>

export const Me = User.omit({ hasPassword: true, isInvited: true, invitedUntil: true })
  .extend({
    permissions: z.array(Permission).describe('Rights on the whole panel, and on every server.'),
    grants: z
      .record(z.string(), z.array(Permission))
      .describe('Rights on servers that others share, by the id of the server.'),
    /** A role asks for a second factor, and until it is set up nothing else is open. */
    mustSetUpTwoFactor: z.boolean(),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof Me>

export const SignedIn = Me.extend({
  token: z.string().describe('Works as `Authorization: Bearer`; shown this once.'),
}).meta({ id: 'SignedIn' })
export type SignedIn = z.infer<typeof SignedIn>

export const Session = z
  .object({
    id: SessionId,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    userAgent: z.string().nullable(),
    ip: z.string().nullable(),
    current: z.boolean().describe('The one that asks.'),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const RoleIds = z
  .array(RoleId)
  .max(50)
  .refine((ids) => new Set(ids).size === ids.length, 'Name each role once.')

export const setup = {
  state: endpoint({
    method: 'GET',
    path: '/api/setup',
    summary: 'Whether the first administrator is still to be created',
    tag: 'Set-up',
    needs: 'public',
    returns: z.object({ needed: z.boolean() }),
  }),
  makeLink: endpoint({
    method: 'POST',
    path: '/api/setup/links',
    summary: 'Make the one-time token that creates the first administrator',
    tag: 'Set-up',
    needs: 'setup.link',
    returns: z.object({ token: z.string(), expiresAt: z.iso.datetime() }),
    secret: true,
    status: 201,
  }),
  finish: endpoint({
    method: 'POST',
    path: '/api/setup',
    summary: 'Create the first administrator with the one-time token',
    tag: 'Set-up',
    needs: 'public',
    body: z.object({
      token: z.string().min(1).max(200),
      email: Email,
      name: PersonName,
      password: Password,
    }),
    returns: SignedIn,
    status: 201,
  }),
}

export const auth = {
  login: endpoint({
    method: 'POST',
    path: '/api/auth/login',
    summary: 'Sign in; sets the session cookie and answers a token',
    tag: 'Account',
    needs: 'public',
    body: z.object({
      email: z.string().max(254).trim().toLowerCase(),
      password: z.string().max(256),
      rememberMe: z.boolean().default(false),
    }),
    returns: SignedIn,
  }),
  logout: endpoint({
    method: 'POST',
    path: '/api/auth/logout',
    summary: 'End this session',
    tag: 'Account',
    needs: 'signed_in',
    beforeTwoFactor: true,
    returns: Nothing,
  }),
  changePassword: endpoint({
    method: 'PUT',
    path: '/api/auth/password',
    summary: 'Change your password; every other session of yours ends',
    tag: 'Account',
    needs: 'account',
    body: z.object({ currentPassword: z.string().max(256), newPassword: Password }),
    returns: Nothing,
  }),
  sessions: endpoint({
    method: 'GET',
    path: '/api/auth/sessions',
    summary: 'Where you are signed in, the newest first',
    tag: 'Account',
    needs: 'account',
    returns: z.array(Session),
  }),
  revokeSession: endpoint({
    method: 'DELETE',
    path: '/api/auth/sessions/:sessionId',
    summary: 'End a session of yours',
    tag: 'Account',
    needs: 'account',
    params: z.object({ sessionId: SessionId }),
    returns: Nothing,
  }),
  rename: endpoint({
    method: 'PUT',
    path: '/api/auth/name',
    summary: 'Change your name',
    tag: 'Account',
    needs: 'account',
    body: z.object({ name: PersonName }),
    returns: Me,
  }),
  me: endpoint({
    method: 'GET',
    path: '/api/auth/me',
    summary: 'Your account and rights',
    tag: 'Account',
    needs: 'signed_in',
    beforeTwoFactor: true,
    returns: Me,
  }),
}

export const users = {
  list: endpoint({
    method: 'GET',
    path: '/api/admin/users',
    summary: 'Accounts',
    tag: 'Users',
    needs: 'user.read',
    query: z.object({
      search: z.string().trim().max(100).optional().describe('A part of name or e-mail.'),
      ...pageQuery,
    }),
    returns: z.array(User),
    paged: true,
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/admin/users',
    summary: 'Create an account',
    tag: 'Users',
    needs: 'user.create',
    body: z.object({
      email: Email,
      name: PersonName,
      password: Password,
      roleIds: RoleIds.optional().describe('Without it: the role User.'),
    }),
    returns: User,
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/admin/users/:userId',
    summary: 'Change an account; a new password or disabling it ends its sessions',
    tag: 'Users',
    needs: 'user.update',
    params: z.object({ userId: UserId }),
    body: z
      .object({
        email: Email,
        name: PersonName,
        password: Password,
        disabled: z.boolean(),
      })
      .partial(),
    returns: User,
  }),
  setRoles: endpoint({
    method: 'PUT',
    path: '/api/admin/users/:userId/roles',
    summary: 'Set which roles an account has',
    tag: 'Users',
    needs: 'user.set_roles',
    params: z.object({ userId: UserId }),
    body: z.object({ roleIds: RoleIds }),
    returns: User,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/admin/users/:userId',
    summary: 'Delete an account that owns no server',
    tag: 'Users',
    needs: 'user.delete',
    params: z.object({ userId: UserId }),
    returns: Nothing,
  }),
}
