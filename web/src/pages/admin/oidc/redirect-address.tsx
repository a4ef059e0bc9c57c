import { Code, Group, Text } from '@mantine/core'
import { oidcCallbackPage } from '../../../../../contract/api/oidc.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'

/** What a provider has to know of the panel. */
export function RedirectAddress() {
  const address = `${window.location.origin}${oidcCallbackPage}`
  return (
    <div>
      <Text size="sm" fw={600}>
        Redirect URI
      </Text>
      <Text size="xs" c="dimmed">
        Enter it at the provider, where you register this panel.
      </Text>
      <Group gap={4} wrap="nowrap">
        <Code style={{ overflowWrap: 'anywhere' }}>{address}</Code>
        <CopyButton text={address} what="redirect URI" />
      </Group>
    </div>
  )
}
