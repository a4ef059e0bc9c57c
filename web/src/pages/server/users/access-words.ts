import {
  type Permission,
  type Preset,
  presets,
  subUserPermissions,
} from '../../../../../contract/permissions.ts'
import { presetOf } from '../../../../../contract/rules/sub-users.ts'
import { counted } from '../../../ui/amounts.ts'

export const presetWords: Readonly<
  Record<Preset, { readonly name: string; readonly about: string }>
> = {
  read_only: { name: 'Read only', about: 'Sees the server and its console.' },
  power: { name: 'Power', about: 'Starts and stops it too, and sends console commands.' },
  full: { name: 'Full', about: 'Does everything but delete the server or give it away.' },
}

export const presetChoices = [
  ...presets.map((preset) => ({ value: preset, label: presetWords[preset].name })),
  { value: 'custom', label: 'Chosen one by one' },
]

/** What somebody may do, in a word or two. */
export function accessText(permissions: readonly Permission[]): string {
  const preset = presetOf(permissions)
  if (preset !== null) return presetWords[preset].name
  if (permissions.length === subUserPermissions.length) return 'Everything that can be shared'
  return counted(permissions.length, 'right')
}
