import { Button, Group, Modal, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { allocations } from '../../../../../contract/api/allocations.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { useAction } from '../../../api/queries.ts'
import { PortField } from '../../../ui/amount-fields.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'
import { detailsOf, PortDetailFields } from './port-details.tsx'
import { protocolChoices } from './protocols.ts'

interface AddPortDialogProps {
  readonly server: ServerDetail
  /** Whether the caller may take ports that the node does not offer to owners. */
  readonly anyPort: boolean
  readonly onClose: () => void
}

const empty = {
  protocol: 'both',
  ip: '',
  hostPort: '' as number | string,
  containerPort: '' as number | string,
  alias: '',
  notes: '',
  variable: '',
}

export function AddPortDialog({ server, anyPort, onClose }: AddPortDialogProps) {
  const form = useForm({
    initialValues: empty,
    validate: (values) => problemsBy(allocations.create.body, bodyOf(values)),
  })
  const create = useAction(allocations.create, {
    refreshes: [allocations.list, servers.get, servers.list],
    onDone: ({ hostPort }) => {
      toastDone(`Port ${hostPort} is added`)
      onClose()
    },
  })
  const submit = form.onSubmit((values) =>
    create.mutate(
      { serverId: server.id, ...allocations.create.body.parse(bodyOf(values)) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error, { port: 'hostPort' })) },
    ),
  )
  const propsOf = (name: keyof typeof empty) => form.getInputProps(name)
  return (
    <Modal opened onClose={onClose} title={`Add a port to ${server.name}`}>
      <Form errors={form.errors} attempt={create} onSubmit={submit}>
        <Stack>
          <NativeSelect label="Protocol" data={protocolChoices} {...propsOf('protocol')} />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <PortField
              label="Port of the node"
              description="Empty: a free one."
              {...propsOf('hostPort')}
            />
            <PortField
              label="Port in the container"
              description="Empty: the same."
              {...propsOf('containerPort')}
            />
          </SimpleGrid>
          {anyPort ? (
            <TextInput
              label="Address of the node"
              description="Empty: every IPv4 address; :: is every address of both families."
              autoComplete="off"
              {...propsOf('ip')}
            />
          ) : null}
          <PortDetailFields propsOf={propsOf} />
          <FormFailure error={create.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Add the port
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  )
}

/** The fields as the endpoint takes them: an empty one leaves the choice to the panel. */
function bodyOf({ protocol, ip, hostPort, containerPort, ...details }: typeof empty) {
  return {
    protocol,
    ...(ip.trim() === '' ? {} : { ip: ip.trim() }),
    ...(hostPort === '' ? {} : { hostPort }),
    ...(containerPort === '' ? {} : { containerPort }),
    ...detailsOf(details),
  }
}
