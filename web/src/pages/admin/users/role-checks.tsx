import { Checkbox, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Role, roles } from '../../../../../contract/api/roles.ts'
import { lacking } from '../../../../../contract/rules/rights.ts'
import { queryOf } from '../../../api/queries.ts'
import { useMe } from '../../../frame/session.tsx'
import { Shown } from '../../../ui/shown.tsx'

interface RoleChecksProps {
  readonly value: readonly string[]
  readonly onChange: (roleIds: string[]) => void
  readonly error?: ReactNode
}

/** Which roles an account has. One that holds more than the reader does cannot be given or taken. */
export function RoleChecks({ value, onChange, error }: RoleChecksProps) {
  const list = useQuery(queryOf(roles.list, {}))
  return (
    <Checkbox.Group label="Roles" value={[...value]} onChange={onChange} error={error}>
      <Shown query={list}>
        {(all) => (
          <Stack gap="xs" mt={6}>
            {all.map((role) => (
              <RoleCheck key={role.id} role={role} />
            ))}
          </Stack>
        )}
      </Shown>
    </Checkbox.Group>
  )
}

function RoleCheck({ role }: { role: Role }) {
  const me = useMe()
  const isMore = lacking(role.permissions, me.permissions).length > 0
  return (
    <Checkbox
      value={role.id}
      label={role.name}
      description={isMore ? 'It holds rights that you do not have.' : role.description}
      disabled={isMore}
    />
  )
}
