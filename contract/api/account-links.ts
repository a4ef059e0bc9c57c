import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { UserId } from '../ids.ts'
import { Email, Password, PersonName, RoleIds, SignedIn, User } from './accounts.ts'

/** Pages of the panel that links lead to; the token follows as fragment, which no server sees. */
export const linkPages = {
  invite: '/accept-invite',
  passwordReset: '/new-password',
  loginLink: '/login-link',
} as const

/** A link that was made for somebody: sent to them, or here to be passed on. */
export const MadeLink = z
  .object({
    mailed: z.boolean().describe('It was sent to the address of the account.'),
    url: z.string().nullable().describe('The link, where it was not mailed; shown this once.'),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'MadeLink' })
export type MadeLink = z.infer<typeof MadeLink>

const byMail = z
  .boolean()
  .default(true)
  .describe('Whether to send it, where mail is set up; else the reply carries it.')
const ofUser = z.object({ userId: UserId })
const Token = z.string().min(1).max(200)

/** Links that let somebody in or set a password: each works once, for one thing, for a while. */
export const accountLinks = {
  invite: endpoint({
    method: 'POST',
    path: '/api/admin/users/invite',
    summary: 'Create an account without a password, and the link by which its holder sets one',
    tag: 'Users',
    needs: 'user.create',
    body: z.object({
      email: Email,
      name: PersonName,
      roleIds: RoleIds.optional().describe('Without it: the role User.'),
      byMail,
    }),
    returns: MadeLink.extend({ user: User }).meta({ id: 'InvitedUser' }),
    status: 201,
    secret: true,
  }),
  inviteAgain: endpoint({
    method: 'POST',
    path: '/api/admin/users/:userId/invite',
    summary: 'Make another link for an account that has no password yet; the one before is void',
    tag: 'Users',
    needs: 'user.create',
    params: ofUser,
    body: z.object({ byMail }),
    returns: MadeLink,
    status: 201,
    secret: true,
  }),
  previewInvite: endpoint({
    method: 'POST',
    path: '/api/auth/invites/preview',
    summary: 'Whom an invitation is for; it stays open',
    tag: 'Account',
    needs: 'public',
    body: z.object({ token: Token }),
    returns: z.object({ email: z.string(), name: z.string() }),
  }),
  acceptInvite: endpoint({
    method: 'POST',
    path: '/api/auth/invites/accept',
    summary: 'Set the password of the account that an invitation is for, and sign in',
    tag: 'Account',
    needs: 'public',
    body: z.object({ token: Token, password: Password, name: PersonName.optional() }),
    returns: SignedIn,
  }),
  makePasswordReset: endpoint({
    method: 'POST',
    path: '/api/admin/users/:userId/password-reset',
    summary: 'Make a link by which the holder of an account sets a new password',
    tag: 'Users',
    needs: 'user.update',
    params: ofUser,
    body: z.object({ byMail }),
    returns: MadeLink,
    status: 201,
    secret: true,
  }),
  askPasswordReset: endpoint({
    method: 'POST',
    path: '/api/auth/password-reset',
    summary: 'Have a link to a new password sent to your address, if it is an account’s',
    tag: 'Account',
    needs: 'public',
    body: z.object({ email: Email }),
    returns: z.object({
      byMail: z.boolean().describe('False: no mail is set up here, so ask an administrator.'),
    }),
  }),
  finishPasswordReset: endpoint({
    method: 'POST',
    path: '/api/auth/password-reset/finish',
    summary: 'Set a new password by a link; every session of the account ends',
    tag: 'Account',
    needs: 'public',
    body: z.object({ token: Token, password: Password }),
    returns: Nothing,
  }),
  makeLoginLink: endpoint({
    method: 'POST',
    path: '/api/admin/users/:userId/login-link',
    summary: 'Make a link that signs an account in once, within a minute; for billing areas',
    tag: 'Users',
    needs: 'user.login_link',
    params: ofUser,
    returns: z.object({ url: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'LoginLink' }),
    status: 201,
    secret: true,
  }),
  useLoginLink: endpoint({
    method: 'POST',
    path: '/api/auth/login-link',
    summary: 'Sign in by a link; a second factor is still asked for',
    tag: 'Account',
    needs: 'public',
    body: z.object({ token: Token }),
    returns: SignedIn,
  }),
}
