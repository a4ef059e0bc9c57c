import { isPrivateHost } from '../outgoing-address.ts'
import type { Carrier, MailWay, Outcome, SmtpWay } from '../services/mail/carrier.ts'
import { sendByHttp } from './http-api.ts'
import { sendBySmtp } from './smtp.ts'
import type { OpenWire } from './wire.ts'

interface Outside {
  readonly open: OpenWire
  readonly fetch: typeof fetch
  /** Whether mail may go to a server on the panel's own machine or network [S11]. */
  readonly allowsPrivate: boolean
}

/** The real carrier: over HTTPS to a mail API, or to an SMTP server. */
export function createCarrier({ open, fetch: ask, allowsPrivate }: Outside): Carrier {
  return {
    carry: async (way, letter) => {
      const reason = refusalOf(way, allowsPrivate)
      if (reason !== null) return notTried(reason)
      return way.transport === 'http' ? sendByHttp(ask, way, letter) : sendBySmtp(open, way, letter)
    },
  }
}

function notTried(said: string): Outcome {
  return { taken: false, fault: 'unreachable', said }
}

/** Asked at each attempt and not when the setting is made: what is allowed may change in between. */
function refusalOf(way: MailWay, allowsPrivate: boolean): string | null {
  const { protocol, hostname } = way.transport === 'http' ? new URL(way.url) : hostOf(way)
  if (isPrivateHost(hostname)) {
    return allowsPrivate ? null : 'Addresses inside a private network are not allowed here.'
  }
  return protocol === 'http:' ? 'The address has to begin with https.' : null
}

function hostOf({ host }: SmtpWay) {
  return { protocol: 'smtp:', hostname: host }
}
