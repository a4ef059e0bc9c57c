import { auth, users } from '../../contract/api/accounts.ts'
import { panelCaller, Refused } from '../../local/api.ts'
import type { Stack } from '../support/stack.ts'
import { type Figure, paired, timed } from './figures.ts'

const tries = 500
/** As many as one account has before it waits. */
const triesEach = 5
const wrong = 'not the password of anybody'

/**
 * A wrong password, for accounts that there are and for some that there are not, in turn: the time must not
 * tell which is which.
 * @throws when a try was refused for another reason
 */
export async function signInTiming(stack: Stack): Promise<Figure[]> {
  const emails = (prefix: string) =>
    Array.from({ length: tries / triesEach }, (_, no) => `${prefix}-${no}@example.org`)
  const known = emails('known')
  const unknown = emails('unknown')
  for (const email of known) {
    await stack.call(users.create, { email, name: email, password: 'a long enough password' })
  }
  const { value, reference } = await paired(tries, refusals(stack, unknown), refusals(stack, known))
  return [
    {
      name: 'sign-in refused',
      what: `wrong password, account unknown, median of ${tries}`,
      value,
      unit: 'ms',
      reference: { what: 'account known', value: reference },
      limit: null,
    },
    {
      name: 'sign-in difference',
      what: 'between the two',
      value: Math.abs(value - reference),
      unit: 'ms',
      reference: null,
      limit: 5,
    },
  ]
}

/** Each call tries the next e-mail, and measures its refusal. */
function refusals(stack: Stack, emails: readonly string[]): () => Promise<number> {
  const call = panelCaller(stack.url, '')
  let next = 0
  return () => {
    const email = emails[next % emails.length] ?? ''
    next += 1
    return timed(async () => {
      const error = await call(auth.login, { email, password: wrong }).catch((e: unknown) => e)
      if (error instanceof Refused && error.code === 'invalid_credentials') return
      throw new Error(`${email} was not refused as a wrong password`, { cause: error })
    })
  }
}
