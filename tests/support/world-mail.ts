import type { Carrier, Letter, MailWay, Outcome } from '../../worker/services/mail/carrier.ts'

/** The world's mail servers: each attempt ends as was set up before, and none is made that was not. */
export function createMailServers() {
  const outcomes: Outcome[] = []
  const attempts: { readonly way: MailWay; readonly letter: Letter }[] = []
  const misuse: string[] = []
  const carrier: Carrier = {
    carry: async (way, letter) => {
      const outcome = outcomes.shift()
      if (outcome === undefined) {
        misuse.push(`nobody expected a mail to ${letter.to}: ${letter.subject}`)
        throw new Error(misuse.at(-1))
      }
      attempts.push({ way, letter })
      return outcome
    },
  }
  return {
    carrier,
    attempts,
    misuse,
    /** How the next attempts end. */
    will: (...next: readonly Outcome[]) => {
      outcomes.push(...next)
    },
    willTake: (count = 1) => {
      for (let made = 0; made < count; made += 1) outcomes.push({ taken: true, said: '250 ok' })
    },
    /** The link in the newest mail. */
    link: () => {
      const url = /https?:\S+/.exec(attempts.at(-1)?.letter.text ?? '')?.[0]
      if (url === undefined) throw new Error('the newest mail has no link')
      return new URL(url)
    },
    /** Addresses in the order of attempts. */
    to: () => attempts.map(({ letter }) => letter.to),
  }
}
