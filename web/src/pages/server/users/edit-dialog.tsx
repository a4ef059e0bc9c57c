import { Button, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ServerDetail } from '../../../../../contract/api/servers.ts'
import { type SubUser, subUsers } from '../../../../../contract/api/sub-users.ts'
import type { Permission } from '../../../../../contract/permissions.ts'
import { useAction } from '../../../api/queries.ts'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { toastDone } from '../../../ui/toast.ts'
import { RightsFields } from './rights-fields.tsx'

interface EditDialogProps {
  readonly server: ServerDetail
  readonly subUser: SubUser
  readonly onClose: () => void
}

export function EditDialog({ server, subUser, onClose }: EditDialogProps) {
  const [permissions, choose] = useState<Permission[]>(subUser.permissions)
  const update = useAction(subUsers.update, {
    refreshes: [subUsers.list],
    onDone: () => {
      toastDone('Saved; it holds at once')
      onClose()
    },
  })
  const save = () => update.mutate({ serverId: server.id, userId: subUser.userId, permissions })
  return (
    <Modal opened onClose={onClose} title={`Access of ${subUser.name}`} size="lg">
      <Stack>
        <RightsFields value={permissions} onChange={choose} held={server.permissions} />
        <FormFailure error={update.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={update.isPending} onClick={save}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
