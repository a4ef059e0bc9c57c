import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconReload } from '@tabler/icons-react'
import { useState } from 'react'
import { operations } from '../../../../../contract/api/operations.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { useAction } from '../../../api/queries.ts'
import { possible } from '../../../api/rights.ts'
import { useDrawer } from '../../../frame/use-drawer.ts'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'

export function Reinstall({ server }: { server: ServerDetail }) {
  const [asking, ask] = useDisclosure(false)
  const [wipe, setWipe] = useState(false)
  const drawer = useDrawer()
  const install = useAction(servers.install, {
    refreshes: [servers.get, servers.list, operations.list, operations.listOfServer],
    onDone: ({ operationId }) => {
      ask.close()
      drawer.open(operationId)
    },
  })
  return (
    <Section
      title="Install again"
      about="Runs the template’s installation once more. Files stay unless you say otherwise."
    >
      <Group>
        <ReasonButton
          label="Install again"
          icon={<IconReload size={16} />}
          variant="default"
          possible={possible(server, 'install')}
          onPress={ask.open}
        />
      </Group>
      <Modal opened={asking} onClose={ask.close} title={`Install ${server.name} again?`}>
        <Stack>
          <Text size="sm">
            The installation may overwrite files that the game made. The server cannot be started
            until it is done.
          </Text>
          <Checkbox
            label="Delete all files first"
            description="Worlds, saves and settings are lost for good."
            color="red"
            checked={wipe}
            onChange={(event) => setWipe(event.currentTarget.checked)}
          />
          <FormFailure error={install.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={ask.close}>
              Cancel
            </Button>
            <Button
              color={wipe ? 'red.9' : 'indigo'}
              loading={install.isPending}
              onClick={() => install.mutate({ serverId: server.id, wipe })}
            >
              {wipe ? 'Delete the files and install' : 'Install again'}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  )
}
