import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core'
import { IconEdit, IconLogin2, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type OidcProvider, oidcProviders } from '../../../../../contract/api/oidc.ts'
import { queryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { counted } from '../../../ui/amounts.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { PageFrame } from '../../../ui/page.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { DeleteProvider } from './delete-provider.tsx'
import { ProviderDialog } from './provider-dialog.tsx'

/** Providers that people may sign in with. */
export function Component() {
  const me = useMe()
  const list = useQuery(queryOf(oidcProviders.list, {}))
  const [edited, edit] = useState<OidcProvider | 'new' | null>(null)
  const [doomed, doom] = useState<OidcProvider | null>(null)
  const mayChange = may(me, 'settings.update')
  const add = mayChange ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
      Add a provider
    </Button>
  ) : null
  const change: Column<OidcProvider> = {
    name: 'Change',
    cell: (provider) => (
      <Group gap={4} wrap="nowrap">
        <Act label={`Change ${provider.name}`} onPress={() => edit(provider)}>
          <IconEdit size={16} />
        </Act>
        <Act label={`Delete ${provider.name}`} onPress={() => doom(provider)} color="red">
          <IconTrash size={16} />
        </Act>
      </Group>
    ),
  }
  return (
    <PageFrame title="Sign-in providers" actions={add}>
      <Shown query={list}>
        {(all) =>
          all.length === 0 ? (
            <Empty
              icon={<IconLogin2 />}
              title="No sign-in providers"
              text="People sign in with a password or a passkey. With a provider that speaks OpenID Connect they use the account that they have there."
            >
              {add}
            </Empty>
          ) : (
            <DataTable
              label="Sign-in providers"
              columns={mayChange ? [...columns, change] : columns}
              rows={all}
              keyOf={({ id }) => id}
            />
          )
        }
      </Shown>
      {edited === null ? null : <ProviderDialog edited={edited} onClose={() => edit(null)} />}
      {doomed === null ? null : <DeleteProvider provider={doomed} onClose={() => doom(null)} />}
    </PageFrame>
  )
}

const columns: readonly Column<OidcProvider>[] = [
  {
    name: 'Provider',
    cell: ({ name, issuer }) => (
      <>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {issuer}
        </Text>
      </>
    ),
  },
  { name: 'State', cell: ({ enabled }) => (enabled ? 'On' : 'Off') },
  { name: 'Makes accounts', cell: ({ createsAccounts }) => (createsAccounts ? 'Yes' : 'No') },
  {
    name: 'Roles by claims',
    cell: ({ claimRules }) => (claimRules.length === 0 ? '–' : counted(claimRules.length, 'rule')),
  },
  { name: 'Accounts', cell: ({ accountCount }) => accountCount },
]

interface ActProps {
  readonly label: string
  readonly color?: string
  readonly onPress: () => void
  readonly children: React.ReactNode
}

function Act({ label, color = 'gray', onPress, children }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color={color} aria-label={label} onClick={onPress}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
