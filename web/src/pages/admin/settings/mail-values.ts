import type { MailSettings } from '../../../../../contract/api/settings.ts'

/** The mail form: fields of every transport, so that changing it back loses nothing. */
export interface MailValues {
  readonly transport: MailSettings['transport']
  readonly fromAddress: string
  readonly fromName: string
  readonly panelUrl: string
  readonly url: string
  readonly key: string
  readonly host: string
  readonly port: number | ''
  readonly security: 'tls' | 'starttls'
  readonly user: string
  readonly password: string
}

const fresh = {
  fromAddress: '',
  fromName: 'Catalyst',
  url: 'https://api.resend.com/emails',
  host: '',
  port: 465,
  security: 'tls',
  user: '',
} as const

/** @param origin where the reader has the panel open */
export function valuesOf(saved: MailSettings, origin: string): MailValues {
  const told = { ...fresh, panelUrl: origin, ...saved }
  const { transport, fromAddress, fromName, panelUrl, url, host, port, security, user } = told
  const shared = { transport, fromAddress, fromName, panelUrl, url, host, port, security }
  return { ...shared, user: user ?? '', key: '', password: '' }
}

/** The section as the API takes it; a secret that was left empty is left out, and stays. */
export function changeOf(values: MailValues) {
  const { transport, fromAddress, fromName, panelUrl } = values
  const sender = { fromAddress, fromName, panelUrl }
  switch (transport) {
    case 'none':
      return { transport }
    case 'http': {
      const { url, key } = values
      return { transport, ...sender, url, ...(key === '' ? {} : { key }) }
    }
    case 'smtp': {
      const { host, port, security, user, password } = values
      const login = { user: user === '' ? null : user, ...(password === '' ? {} : { password }) }
      return { transport, ...sender, host, port, security, ...login }
    }
  }
}
