import { Anchor, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { audit } from '../../../../contract/api/audit.ts'
import type { Item } from '../../api/client.ts'
import { paths } from '../../paths.ts'

type Target = Pick<Item<typeof audit.list>, 'targetType' | 'targetId' | 'targetName'>

const kinds: Readonly<Record<string, string>> = {
  user: 'Account',
  api_key: 'API key',
  oidc_provider: 'Sign-in provider',
  server: 'Server',
  node: 'Node',
  template: 'Template',
  location: 'Location',
  role: 'Role',
  operation: 'Operation',
}

const pages: Readonly<Record<string, (id: string) => string>> = {
  server: paths.server,
  node: paths.node,
  template: paths.template,
}

/** What an entry is about, with the ways to it and to everything else that was done to it. */
export function AuditTarget({ targetType, targetId, targetName }: Target) {
  if (targetType === null || targetId === null) return '–'
  const kind = kinds[targetType] ?? targetType
  const page = pages[targetType]
  return (
    <>
      {targetName !== null && page !== undefined ? (
        <Anchor component={Link} to={page(targetId)} inherit>
          {targetName}
        </Anchor>
      ) : (
        (targetName ?? kind)
      )}
      <Text size="xs" c="dimmed">
        {targetName === null ? null : `${kind} `}
        <Anchor
          component={Link}
          to={paths.audit({ target: targetId })}
          inherit
          ff="monospace"
          title="Everything that was done to it"
        >
          {targetId}
        </Anchor>
      </Text>
    </>
  )
}
