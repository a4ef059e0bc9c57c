import { Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTrash } from '@tabler/icons-react'
import { useNavigate } from 'react-router'
import { operations } from '../../../../../contract/api/operations.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { useAction } from '../../../api/queries.ts'
import { deletable } from '../../../api/rights.ts'
import { paths } from '../../../paths.ts'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone } from '../../../ui/toast.ts'
import { TypeNameDialog } from '../../../ui/type-name-dialog.tsx'

export function DeleteServer({ server }: { server: ServerDetail }) {
  const [asking, ask] = useDisclosure(false)
  const navigate = useNavigate()
  const remove = useAction(servers.delete, {
    refreshes: [servers.list, operations.list],
    onDone: () => {
      toastDone(`${server.name} is being deleted`)
      return navigate(paths.servers())
    },
  })
  return (
    <Section title="Delete" about="Stops the server and deletes it with all its files.">
      <Group>
        <ReasonButton
          label={server.status === 'deleting' ? 'Being deleted' : 'Delete the server'}
          icon={<IconTrash size={16} />}
          color="red"
          variant="light"
          possible={deletable(server)}
          onPress={ask.open}
        />
      </Group>
      <TypeNameDialog
        opened={asking}
        title={`Delete ${server.name}?`}
        name={server.name}
        action="Delete for good"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ serverId: server.id })}
        onClose={ask.close}
      >
        <Text size="sm">
          Its container, its files and its ports are gone afterwards, and nobody can bring them
          back.
          {server.nodeStatus === 'offline'
            ? ` ${server.nodeName} is offline: the files go when it returns.`
            : ''}
        </Text>
      </TypeNameDialog>
    </Section>
  )
}
