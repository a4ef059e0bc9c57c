import { Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { auth } from '../../../../contract/api/accounts.ts'
import { refresh } from '../../api/queries.ts'
import { useMe } from '../../frame/session.tsx'
import { Facts } from '../../ui/facts.tsx'
import { PageFrame } from '../../ui/page.tsx'
import { Section } from '../../ui/section.tsx'
import { OwnKeys } from './api-keys/own-keys.tsx'
import { ChangePassword } from './change-password.tsx'
import { OwnProviders } from './oidc/own-providers.tsx'
import { OwnActivity } from './own-activity.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { SecondFactors } from './two-factor/second-factors.tsx'

/** What belongs to the reader: account, password, second factors, where they are signed in, API keys. */
export function Component() {
  const me = useMe()
  const client = useQueryClient()
  return (
    <PageFrame title="Your account">
      <Stack maw={720}>
        <Section title="You">
          <Facts
            of={{
              Name: me.name,
              'E-mail': me.email,
              Roles: me.roles.map(({ name }) => name).join(', ') || 'None',
            }}
          />
        </Section>
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
