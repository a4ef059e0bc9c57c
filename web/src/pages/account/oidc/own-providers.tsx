import { Button, Group, Text } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Identity, identities, oidc } from '../../../../../contract/api/oidc.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { Age } from '../../../ui/age.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { toastFailure } from '../../../ui/toast.ts'
import { LinkDialog } from './link-dialog.tsx'

type Provider = Identity['provider']

/** Providers that open the reader's account, and those that could; nothing where the panel knows none. */
export function OwnProviders() {
  const linked = useQuery(queryOf(identities.list, {}))
  const offered = useQuery(queryOf(oidc.providers, {}))
  const [linking, link] = useState<Provider | null>(null)
  const none = linked.data?.length === 0 && offered.data?.length === 0
  if (none) return null
  return (
    <Section
      title="Sign-in providers"
      about="An account that is linked with a provider can be signed in to with it."
    >
      <Shown query={linked}>
        {(own) =>
          own.length === 0 ? (
            <Text size="sm">Not linked with any yet.</Text>
          ) : (
            <DataTable
              label="Linked providers"
              columns={columns}
              rows={own}
              keyOf={({ provider }) => provider.id}
            />
          )
        }
      </Shown>
      <Shown query={offered} loading={null}>
        {(all) => (
          <Group gap="xs">
            {all
              .filter(({ id }) => !linked.data?.some(({ provider }) => provider.id === id))
              .map((provider) => (
                <Button
                  key={provider.id}
                  variant="default"
                  leftSection={<IconLink size={16} aria-hidden />}
                  onClick={() => link(provider)}
                >
                  Link with {provider.name}
                </Button>
              ))}
          </Group>
        )}
      </Shown>
      {linking === null ? null : <LinkDialog provider={linking} onClose={() => link(null)} />}
    </Section>
  )
}

const columns: readonly Column<Identity>[] = [
  { name: 'Provider', cell: ({ provider }) => provider.name },
  { name: 'Linked', cell: ({ linkedAt }) => <Age at={linkedAt} /> },
  { name: 'Change', cell: ({ provider }) => <Unlink provider={provider} /> },
]

function Unlink({ provider }: { provider: Provider }) {
  const unlink = useAction(identities.unlink, { refreshes: [identities.list] })
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="red"
      aria-label={`End the link with ${provider.name}`}
      loading={unlink.isPending}
      onClick={() =>
        unlink.mutate(
          { providerId: provider.id },
          { onError: (error) => toastFailure('Still linked', error) },
        )
      }
    >
      End the link
    </Button>
  )
}
