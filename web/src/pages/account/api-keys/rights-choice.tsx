import { Button, Group, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { type Permission, permissions } from '../../../../../contract/permissions.ts'
import { counted } from '../../../ui/amounts.ts'
import { PermissionChecks } from '../../../ui/permission-checks.tsx'
import { SearchField } from '../../../ui/search-field.tsx'
import { readOnlyOf } from './key-values.ts'

interface RightsChoiceProps {
  /** All that the key can be given. */
  readonly usable: readonly Permission[]
  readonly value: readonly Permission[]
  readonly onChange: (permissions: Permission[]) => void
  readonly error?: ReactNode
}

/** What a key may do: a preset, then each right by itself, which a search makes fewer. */
export function RightsChoice({ usable, value, onChange, error }: RightsChoiceProps) {
  const [search, setSearch] = useState('')
  const shown = usable.filter((name) => isMeant(name, search))
  const preset = (label: string, names: readonly Permission[]) => (
    <Button size="compact-sm" variant="default" onClick={() => onChange([...names])}>
      {label}
    </Button>
  )
  return (
    <Stack gap="xs">
      <Group gap="xs" role="group" aria-label="Presets">
        {preset('Read only', readOnlyOf(usable))}
        {preset('Everything you may do', usable)}
        {preset('Nothing', [])}
      </Group>
      <SearchField label="Search permissions" value={search} onSearch={setSearch} />
      <PermissionChecks
        label={`${counted(value.length, 'permission')} selected`}
        of={shown}
        value={value}
        onChange={(chosen) =>
          // What the search hides stays as it was.
          onChange([...value.filter((name) => !shown.includes(name)), ...chosen])
        }
        error={error}
      />
    </Stack>
  )
}

function isMeant(name: Permission, search: string): boolean {
  const text = `${name} ${permissions[name].means}`.toLowerCase()
  return text.includes(search.toLowerCase())
}
