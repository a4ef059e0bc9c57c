import { Stack } from '@mantine/core'
import { useMe } from '../../frame/session.tsx'
import { Facts } from '../../ui/facts.tsx'
import { PageFrame } from '../../ui/page.tsx'
import { Section } from '../../ui/section.tsx'
import { ChangePassword } from './change-password.tsx'
import { OwnActivity } from './own-activity.tsx'
import { OwnSessions } from './own-sessions.tsx'

/** What belongs to the reader: account, password, where they are signed in. */
export function Component() {
  const me = useMe()
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
        <OwnSessions />
        <OwnActivity />
      </Stack>
    </PageFrame>
  )
}
