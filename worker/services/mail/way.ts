import type { Queries } from '../../db/client.ts'
import type { Deps } from '../context.ts'
import { readSettings, type StoredMail, secretPlace } from '../settings/stored.ts'
import type { Letter, MailWay } from './carrier.ts'

/** How mail goes out now, with its secrets in the clear: for the carrier alone. */
export interface OpenedWay {
  readonly way: MailWay
  readonly from: Letter['from']
  /** Where links in mail lead. */
  readonly panelUrl: string
}

/** Whether links go out by mail; where they do not, whoever makes one passes it on. */
export async function mailIsSetUp({ db }: { readonly db: Queries }): Promise<boolean> {
  return (await mailedLinksLeadTo(db)) !== null
}

/**
 * What links in mail begin with; null when no mail is set up. It is a setting, since what a request calls
 * the panel is the word of whoever sent it.
 */
export async function mailedLinksLeadTo(db: Queries): Promise<string | null> {
  const { mail } = await readSettings(db)
  return mail.transport === 'none' ? null : mail.panelUrl
}

/** The way, or why there is none. */
export async function openWay(
  deps: Pick<Deps, 'db' | 'secrets' | 'log'>,
): Promise<OpenedWay | { readonly way: null; readonly said: string }> {
  const { mail } = await readSettings(deps.db)
  if (mail.transport === 'none') return { way: null, said: 'No mail is set up.' }
  const from = { address: mail.fromAddress, name: mail.fromName }
  try {
    return { way: wayOf(deps, mail), from, panelUrl: mail.panelUrl }
  } catch (error) {
    deps.log.error('mail_secret_not_opened', { reason: String(error) })
    return { way: null, said: 'The key or password cannot be read any more. Set it again.' }
  }
}

function wayOf(
  { secrets }: Pick<Deps, 'secrets'>,
  mail: Exclude<StoredMail, { transport: 'none' }>,
): MailWay {
  if (mail.transport === 'http') {
    const { url, key } = mail
    const opened = key === undefined ? '' : secrets.open(secretPlace('mail.key'), key)
    return { transport: 'http', url, key: opened }
  }
  const { host, port, security, user, password } = mail
  if (user === null || password === undefined) {
    return { transport: 'smtp', host, port, security, login: null }
  }
  const login = { user, password: secrets.open(secretPlace('mail.password'), password) }
  return { transport: 'smtp', host, port, security, login }
}
