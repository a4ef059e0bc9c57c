import { Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { auth } from '../../../../contract/api/accounts.ts'
import { refresh } from '../../api/queries.ts'
import { PageFrame } from '../../ui/page.tsx'
import { OwnKeys } from './api-keys/own-keys.tsx'
import { ChangePassword } from './change-password.tsx'
import { OwnProviders } from './oidc/own-providers.tsx'
import { OwnActivity } from './own-activity.tsx'
import { OwnName } from './own-name.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { SecondFactors } from './two-factor/second-factors.tsx'

/** What belongs to the reader: account, password, second factors, where they are signed in, API keys. */
export function Component() {
  const client = useQueryClient()
  return (
    <PageFrame title="Your account">
      <Stack maw={720}>
        <OwnName />
        <ChangePassword />
        <SecondFactors onSettled={() => void refresh(client, auth.me)} />
        <OwnProviders />
        <OwnSessions />
        <OwnKeys />
        <OwnActivity />
      </Stack>
    </PageFrame>
  )
}
