import { noPassword } from '../../worker/crypto.ts'
import type { TokenPurpose } from '../../worker/db/schema/sign-in.ts'
import { makeToken } from '../../worker/services/auth/one-time-tokens.ts'
import { setUpMail } from './mail-settings.ts'
import type { World } from './world.ts'

/** Valid inputs of the endpoints that make and use links to accounts. */
export function accountLinkInputs(w: World) {
  const password = 'a long password'
  const somebody = async () => ({ userId: (await w.rows.user()).id })
  return {
    'accountLinks.invite': async () => ({ email: 'new@example.org', name: 'New' }),
    'accountLinks.inviteAgain': async () => ({
      userId: (await w.rows.user({ passwordHash: noPassword })).id,
    }),
    'accountLinks.previewInvite': async () => ({ token: await aToken(w, 'account_invite') }),
    'accountLinks.acceptInvite': async () => ({
      token: await aToken(w, 'account_invite'),
      password,
    }),
    'accountLinks.makePasswordReset': somebody,
    'accountLinks.askPasswordReset': async () => {
      await setUpMail(w)
      return { email: 'nobody@example.org' }
    },
    'accountLinks.finishPasswordReset': async () => ({
      token: await aToken(w, 'password_reset'),
      password,
    }),
    'accountLinks.makeLoginLink': somebody,
    'accountLinks.useLoginLink': async () => ({ token: await aToken(w, 'login_link') }),
  }
}

export const settingsInputs = {
  'settings.get': async () => ({}),
  'settings.update': async () => ({ audit: { keptDays: 30 } }),
  'settings.testMail': async () => ({}),
}

/** The token of a link to somebody who has not accepted their invitation yet. */
async function aToken(w: World, purpose: TokenPurpose): Promise<string> {
  const { id: userId } = await w.rows.user({ passwordHash: noPassword })
  const order = { purpose, userId, payload: null, lastsMs: 60_000 }
  return (await makeToken(w.deps.db, w.deps, order)).token
}
