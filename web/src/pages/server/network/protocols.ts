import type { BoundProtocol } from '../../../../../contract/rules/ports.ts'

export const protocolTexts: Readonly<Record<BoundProtocol, string>> = {
  both: 'TCP and UDP',
  tcp: 'TCP',
  udp: 'UDP',
}

/** For a select. */
export const protocolChoices = Object.entries(protocolTexts).map(([value, label]) => ({
  value,
  label,
}))
