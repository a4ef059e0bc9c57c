import type { MailChange } from '../../contract/api/settings.ts'
import { secretPlace, writeSection } from '../../worker/services/settings/stored.ts'
import type { World } from './world.ts'

/** Where links in this world's mail lead. */
export const panelUrl = 'https://panel.example.org'

export const smtp = {
  transport: 'smtp',
  fromAddress: 'panel@example.org',
  fromName: 'Catalyst',
  panelUrl,
  host: 'smtp.example.org',
  port: 465,
  security: 'tls',
  user: 'panel',
  password: 'the-smtp-password',
} as const satisfies MailChange

/** Sets mail up, past the API. */
export async function setUpMail({ deps }: Pick<World, 'deps'>): Promise<void> {
  const password = deps.secrets.seal(secretPlace('mail.password'), smtp.password)
  await writeSection(deps.db, deps, 'mail', { ...smtp, password })
}
