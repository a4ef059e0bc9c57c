import type { OidcGate, Outcome, Party, Vouched } from '../../worker/services/oidc/gate.ts'

/** What the world's one provider says. */
interface Answers {
  begin?: Outcome<{ readonly url: string }>
  redeem?: Outcome<Vouched>
  probe?: Outcome<{ readonly said: string }>
}

/** The world's sign-in providers: they answer as was set up, and nothing that was not is asked of them. */
export function createProviders() {
  const answers: Answers = {}
  const asked: Party[] = []
  const misuse: string[] = []
  const answer = <Key extends keyof Answers>(key: Key): NonNullable<Answers[Key]> => {
    const found = answers[key]
    if (found !== undefined) return found
    misuse.push(`nobody expected ${key} of a sign-in provider`)
    throw new Error(misuse.at(-1))
  }
  const gate: OidcGate = {
    begin: async (party) => {
      asked.push(party)
      return answer('begin')
    },
    redeem: async (party) => {
      asked.push(party)
      return answer('redeem')
    },
    probe: async () => answer('probe'),
  }
  return { gate, answers, asked, misuse }
}
