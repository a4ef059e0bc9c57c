import { Checkbox, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { servers } from '../../../../../contract/api/servers.ts'
import type { ServerId } from '../../../../../contract/ids.ts'
import { pageQueryOf } from '../../../api/queries.ts'
import { counted } from '../../../ui/amounts.ts'
import { SearchField } from '../../../ui/search-field.tsx'
import { Shown } from '../../../ui/shown.tsx'

interface ServersChoiceProps {
  readonly value: readonly ServerId[]
  readonly onChange: (serverIds: ServerId[]) => void
  readonly error?: ReactNode
}

/** More than these are found by searching. */
const shownAtMost = 20

/** The only servers that a key opens. */
export function ServersChoice({ value, onChange, error }: ServersChoiceProps) {
  const [search, setSearch] = useState('')
  const list = useQuery(
    pageQueryOf(servers.list, { limit: shownAtMost, ...(search === '' ? {} : { search }) }),
  )
  return (
    <Stack gap="xs">
      <SearchField label="Search servers" value={search} onSearch={setSearch} />
      <Shown query={list}>
        {({ items, pagination: { total } }) => (
          <Checkbox.Group
            label={`${counted(value.length, 'server')} chosen`}
            value={[...value]}
            onChange={(ids) => {
              const hidden = value.filter((id) => !items.some((server) => server.id === id))
              onChange([...hidden, ...items.map(({ id }) => id).filter((id) => ids.includes(id))])
            }}
            error={error}
          >
            <Stack gap={6} mt="xs">
              {items.map(({ id, name, nodeName }) => (
                <Checkbox key={id} size="xs" value={id} label={name} description={nodeName} />
              ))}
              {items.length < total ? (
                <Text size="xs" c="dimmed">
                  {counted(total - items.length, 'more server')}: search for them.
                </Text>
              ) : null}
              {total === 0 ? (
                <Text size="xs" c="dimmed">
                  {search === '' ? 'You see no server yet.' : 'None has this in its name.'}
                </Text>
              ) : null}
            </Stack>
          </Checkbox.Group>
        )}
      </Shown>
    </Stack>
  )
}
