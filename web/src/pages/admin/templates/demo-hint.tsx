import { Button, Code, Group, Loader, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { panel } from '../../../../../contract/api/panel.ts'
import { templates } from '../../../../../contract/api/templates.ts'
import { pollEvery } from '../../../api/pace.ts'
import { queryOf, refresh, useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { toastFailure } from '../../../ui/toast.ts'

const line = 'npm start -- --demo'

/** The quickest first template: its image is made on the panel's own machine, by the launcher. */
export function DemoHint({ align = 'center' }: { align?: 'center' | 'flex-start' }) {
  const client = useQueryClient()
  const allowed = may(useMe(), 'template.create')
  const asking = { refetchInterval: pollEvery.working, enabled: allowed }
  const demo = useQuery({ ...queryOf(panel.demo, {}), ...asking })
  const state = demo.data?.state
  useEffect(() => {
    if (state === 'ready') void refresh(client, templates.list)
  }, [state, client])
  if (state === undefined) return null
  return (
    <Stack gap={4} align={align}>
      <Text size="sm" c="dimmed" maw={480}>
        Or begin with a real game that needs no registry and no account: OpenTTD, its image made
        from Debian’s packages on the panel’s own machine.
      </Text>
      {state === 'unavailable' ? <StartLine /> : <Offer />}
    </Stack>
  )
}

function Offer() {
  const { data } = useQuery(queryOf(panel.demo, {}))
  const want = useAction(panel.wantDemo, { refreshes: [panel.demo] })
  if (data?.state === 'wanted' || data?.state === 'making') {
    return (
      <Group gap="xs" wrap="nowrap" role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm">{data.message ?? 'Making the demo'}</Text>
      </Group>
    )
  }
  return (
    <>
      {data?.state === 'failed' ? (
        <Text size="sm" c="red" role="alert">
          It could not be made: {data.message}
        </Text>
      ) : null}
      <Button
        variant="light"
        loading={want.isPending}
        onClick={() =>
          want.mutate({}, { onError: (error) => toastFailure('Not asked for', error) })
        }
      >
        {data?.state === 'failed' ? 'Try the demo again' : 'Add the demo'}
      </Button>
    </>
  )
}

/** Where no launcher with Docker is there to make it. */
function StartLine() {
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="sm" c="dimmed">
        Start the panel with
      </Text>
      <Code>{line}</Code>
      <CopyButton text={line} what="line" />
    </Group>
  )
}
