import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { settings } from '../../../../../contract/api/settings.ts'
import { queryOf } from '../../../api/queries.ts'
import { PageFrame } from '../../../ui/page.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { AuditSection } from './audit-section.tsx'
import { MailSection } from './mail-section.tsx'
import { SuspensionSection } from './suspension-section.tsx'

/** What is decided for the whole panel. */
export function Component() {
  const query = useQuery(queryOf(settings.get, {}))
  return (
    <PageFrame title="Settings">
      <Shown query={query}>
        {(saved) => (
          <Stack maw={720}>
            <MailSection saved={saved} />
            <SuspensionSection saved={saved} />
            <AuditSection saved={saved} />
          </Stack>
        )}
      </Shown>
    </PageFrame>
  )
}
