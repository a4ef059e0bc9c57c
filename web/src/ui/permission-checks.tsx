import { Checkbox, SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Permission, permissions } from '../../../contract/permissions.ts'

interface PermissionChecksProps {
  readonly label: string
  /** What can be chosen from. */
  readonly of: readonly Permission[]
  readonly value: readonly Permission[]
  readonly onChange: (permissions: Permission[]) => void
  /** Why one cannot be chosen; null: it can. */
  readonly refusal?: (name: Permission) => string | null
  readonly disabled?: boolean
  readonly error?: ReactNode
}

/** Permissions by what they are about, each with what it means. */
export function PermissionChecks(props: PermissionChecksProps) {
  const { label, of, value, onChange, refusal = () => null, disabled = false, error } = props
  const groups = Map.groupBy(of, (name) => name.slice(0, name.indexOf('.')))
  const chosen = (names: readonly string[]) => of.filter((name) => names.includes(name))
  return (
    <Checkbox.Group
      label={label}
      value={[...value]}
      onChange={(names) => onChange(chosen(names))}
      error={error}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="xs" spacing="lg">
        {[...groups].map(([group, names]) => (
          <Stack key={group} gap={6}>
            <Text size="xs" fw={600} c="dimmed" tt="uppercase">
              {titles[group] ?? group}
            </Text>
            {names.map((name) => {
              const reason = refusal(name)
              return (
                <Checkbox
                  key={name}
                  size="xs"
                  value={name}
                  label={permissions[name].means}
                  description={reason ?? name}
                  disabled={disabled || reason !== null}
                />
              )
            })}
          </Stack>
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  )
}

const titles: Readonly<Record<string, string>> = {
  server: 'Servers',
  console: 'Console',
  allocation: 'Ports',
  activity: 'Activity',
  subuser: 'Access for others',
  node: 'Nodes',
  location: 'Locations',
  template: 'Templates',
  user: 'Accounts',
  role: 'Roles',
  apikey: 'API keys',
  admin: 'Administration',
  settings: 'Settings',
  setup: 'Set-up',
}
