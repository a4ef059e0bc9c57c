import { Button } from '@mantine/core'
import { IconFileDescription } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import { templates } from '../../../../../contract/api/templates.ts'
import { queryOf } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { Empty } from '../../../ui/empty.tsx'
import { PageFrame } from '../../../ui/page.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { DemoHint } from '../../admin/templates/demo-hint.tsx'
import { CreateServerForm } from './create-server-form.tsx'

export function Component() {
  const known = useQuery({
    ...queryOf(templates.list, {}),
    // A form that is being filled in needs no news; somebody who waits for a template does.
    staleTime: ({ state }) => (state.data?.length ? 60_000 : 0),
  })
  const asked = useSearchParams()[0].get('template')
  return (
    <PageFrame title="Create a server" above={[['Servers', paths.servers()]]}>
      <Shown query={known}>
        {(choices) => {
          const first = choices.find(({ id }) => id === asked) ?? choices[0]
          return first === undefined ? (
            <NoTemplate />
          ) : (
            <CreateServerForm templates={choices} first={first} />
          )
        }}
      </Shown>
    </PageFrame>
  )
}

function NoTemplate() {
  return (
    <Empty
      icon={<IconFileDescription />}
      title="A template comes first"
      text="A template says which image a server runs and how it is installed and started."
    >
      <Button component={Link} to={paths.newTemplate()}>
        Add a template
      </Button>
      <DemoHint />
    </Empty>
  )
}
