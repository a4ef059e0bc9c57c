import { NativeSelect, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import {
  type Permission,
  Preset,
  presetPermissions,
  subUserPermissions,
} from '../../../../../contract/permissions.ts'
import { lacking } from '../../../../../contract/rules/rights.ts'
import { presetOf } from '../../../../../contract/rules/sub-users.ts'
import { PermissionChecks } from '../../../ui/permission-checks.tsx'
import { presetChoices, presetWords } from './access-words.ts'

interface RightsFieldsProps {
  readonly value: readonly Permission[]
  readonly onChange: (permissions: Permission[]) => void
  /** What the reader may do on the server: nobody gives or takes more. */
  readonly held: readonly Permission[]
  readonly error?: ReactNode
}

/** What a sub-user may do: a preset, or each right by what it means. */
export function RightsFields({ value, onChange, held, error }: RightsFieldsProps) {
  const preset = presetOf(value)
  const choices = presetChoices.map((choice) => ({ ...choice, disabled: isBeyond(choice.value) }))
  function isBeyond(choice: string): boolean {
    const chosen = Preset.safeParse(choice).data
    return chosen !== undefined && lacking(presetPermissions(chosen), held).length > 0
  }
  const choose = (choice: string) => {
    const chosen = Preset.safeParse(choice).data
    if (chosen !== undefined) onChange([...presetPermissions(chosen)])
  }
  return (
    <Stack>
      <NativeSelect
        label="Access"
        description={preset === null ? 'Choose below.' : presetWords[preset].about}
        data={choices}
        value={preset ?? 'custom'}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <PermissionChecks
        label="What they may do"
        of={subUserPermissions}
        value={value}
        onChange={onChange}
        refusal={(name) => {
          if (name === 'server.read') return 'Comes with any access.'
          return held.includes(name) ? null : 'You do not have it yourself.'
        }}
        error={error}
      />
    </Stack>
  )
}
