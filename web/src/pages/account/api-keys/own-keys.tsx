import { Anchor, Button, Group, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type ApiKey, apiKeys } from '../../../../../contract/api/api-keys.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { keyColumns } from '../../../ui/key-facts.tsx'
import { RevokeKeyDialog } from '../../../ui/revoke-key-dialog.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { KeyDialog } from './key-dialog.tsx'

/** The reader's API keys, the way to a new one, and to the end of each. */
export function OwnKeys() {
  const list = useQuery(queryOf(apiKeys.list, {}))
  const [edited, edit] = useState<ApiKey | 'new' | null>(null)
  const [ending, end] = useState<ApiKey | null>(null)
  const actions = {
    name: 'Change',
    cell: (key: ApiKey) => (
      <Group gap={4} wrap="nowrap">
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={`Change ${key.name}`}
          onClick={() => edit(key)}
        >
          Change
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          color="red"
          aria-label={`Delete ${key.name}`}
          onClick={() => end(key)}
        >
          Delete
        </Button>
      </Group>
    ),
  }
  return (
    <Section
      title="API keys"
      about="For scripts and other programs, in your name. A key may do no more than you may yourself."
    >
      <Shown query={list}>
        {(keys) =>
          keys.length === 0 ? (
            <Text size="sm" c="dimmed">
              You have none. <Anchor href={paths.apiDocs()}>What the API can do</Anchor>
            </Text>
          ) : (
            <DataTable
              label="API keys"
              columns={[...keyColumns, actions]}
              rows={keys}
              keyOf={({ id }) => id}
            />
          )
        }
      </Shown>
      <Group>
        <Button
          size="compact-sm"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => edit('new')}
        >
          Make an API key
        </Button>
      </Group>
      {edited === null ? null : <KeyDialog edited={edited} onClose={() => edit(null)} />}
      {ending === null ? null : <DeleteKey apiKey={ending} onClose={() => end(null)} />}
    </Section>
  )
}

function DeleteKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const remove = useAction(apiKeys.delete, { refreshes: [apiKeys.list], onDone: onClose })
  return (
    <RevokeKeyDialog
      apiKey={apiKey}
      verb="Delete"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ apiKeyId: apiKey.id })}
      onClose={onClose}
    />
  )
}
