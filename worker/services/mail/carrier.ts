import type { MailId } from '../../../contract/ids.ts'

/** One mail, ready to be handed on. */
export interface Letter {
  /** The same for each attempt: by it a recipient's server can tell that it has the mail already. */
  readonly id: MailId
  readonly from: { readonly address: string; readonly name: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  /** When it was written, in milliseconds since 1970. */
  readonly at: number
}

export interface HttpWay {
  readonly transport: 'http'
  readonly url: string
  readonly key: string
}

export interface SmtpWay {
  readonly transport: 'smtp'
  readonly host: string
  readonly port: number
  /** `tls`: from the first byte; `starttls`: asked for, and nothing is said without it. */
  readonly security: 'tls' | 'starttls'
  /** Null: the server takes mail without. */
  readonly login: { readonly user: string; readonly password: string } | null
}

export type MailWay = HttpWay | SmtpWay

/** What became of one attempt, with what the other end said of it in a line. */
export type Outcome =
  | { readonly taken: true; readonly said: string }
  | {
      readonly taken: false
      /**
       * `refused`: this mail, for good; `failed`: it may go well later; `unreachable`: no other mail needs
       * to be tried now either.
       */
      readonly fault: 'refused' | 'failed' | 'unreachable'
      readonly said: string
    }

/** Hands mail on to whoever delivers it. Never throws for what the other end does. */
export interface Carrier {
  carry(way: MailWay, letter: Letter): Promise<Outcome>
}
