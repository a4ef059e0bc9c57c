import * as z from 'zod'
import { endpoint, Nothing, pageQuery } from '../endpoint.ts'
import { AuditId, UserId } from '../ids.ts'
import { Permission, Role } from '../permissions.ts'

export const Email = z.email().max(254).toLowerCase().meta({ id: 'Email' })
/** No rule but length: composition rules make weaker passwords (NIST SP 800-63B). */
export const Password = z.string().min(8).max(256)
export const PersonName = z.string().trim().min(1).max(100)

export const User = z
  .object({
    id: UserId,
    email: z.string(),
    name: z.string(),
    role: Role,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>

export const Me = User.extend({
  permissions: z.array(Permission).describe('Rights on the whole panel.'),
}).meta({ id: 'Me' })
export type Me = z.infer<typeof Me>

export const SignedIn = Me.extend({
  token: z.string().describe('Works as `Authorization: Bearer`; shown this once.'),
}).meta({ id: 'SignedIn' })

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
    returns: Nothing,
  }),
  me: endpoint({
    method: 'GET',
    path: '/api/auth/me',
    summary: 'Your account and rights',
    tag: 'Account',
    needs: 'signed_in',
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
    query: z.object(pageQuery),
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
      role: Role.default('user'),
    }),
    returns: User,
    status: 201,
  }),
}

export const AuditEntry = z
  .object({
    id: AuditId,
    at: z.iso.datetime(),
    action: z.string(),
    actorId: z.string().nullable(),
    actorName: z.string(),
    ip: z.string().nullable(),
    targetType: z.string().nullable(),
    targetId: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

export const audit = {
  list: endpoint({
    method: 'GET',
    path: '/api/admin/audit-logs',
    summary: 'What was done, by whom, newest first',
    tag: 'Audit',
    needs: 'admin.read',
    query: z.object({
      ...pageQuery,
      action: z.string().max(100).optional(),
      targetId: z.string().max(100).optional(),
    }),
    returns: z.array(AuditEntry),
    paged: true,
  }),
}
