import { Anchor, Group, Modal, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Node } from '../../../../../contract/api/nodes.ts'
import { pools } from '../../../../../contract/api/pools.ts'
import { useAction } from '../../../api/queries.ts'
import { counted } from '../../../ui/amounts.ts'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'
import { noPoolSettings, PoolSettingFields, poolSettingsOf } from './pool-settings.tsx'

const empty = { addresses: '', ports: '', ...noPoolSettings }

export function AddPoolsDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  const form = useForm({
    initialValues: empty,
    validate: (values) => byField(problemsBy(pools.create.body, bodyOf(values))),
  })
  const create = useAction(pools.create, {
    refreshes: [pools.list],
    onDone: ({ created }) => {
      toastDone(`${counted(created, 'pool')} added`)
      onClose()
    },
  })
  const submit = form.onSubmit((values) =>
    create.mutate(
      { nodeId: node.id, ...pools.create.body.parse(bodyOf(values)) },
      { onError: (error) => form.setErrors(byField(fieldErrorsOf(error))) },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={`Add ports to ${node.name}`} size="lg">
      <DialogForm
        errors={form.errors}
        attempt={create}
        action="Add them"
        onSubmit={submit}
        onClose={onClose}
      >
        <Textarea
          label="Addresses"
          description="Single ones and ranges like 192.0.2.0/28, with commas or spaces between them."
          autosize
          minRows={1}
          required
          {...form.getInputProps('addresses')}
        />
        <KnownAddresses
          node={node}
          onChoose={(ip) =>
            form.setFieldValue('addresses', `${form.values.addresses} ${ip}`.trim())
          }
        />
        <Textarea
          label="Ports"
          description="Single ones and ranges like 27000-27050. Each address gets each of them."
          autosize
          minRows={1}
          required
          {...form.getInputProps('ports')}
        />
        <PoolSettingFields propsOf={form.getInputProps} />
      </DialogForm>
    </Modal>
  )
}

/** What the node says it has; a press puts it into the field. */
function KnownAddresses({ node, onChoose }: { node: Node; onChoose: (ip: string) => void }) {
  const addresses = node.host?.addresses ?? []
  if (addresses.length === 0) return null
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        The node has:
      </Text>
      {addresses.map((ip) => (
        <Anchor key={ip} component="button" type="button" size="sm" onClick={() => onChoose(ip)}>
          {ip}
        </Anchor>
      ))}
    </Group>
  )
}

function bodyOf({ addresses, ports, ...settings }: typeof empty) {
  return { addresses: listOf(addresses), ports: listOf(ports), ...poolSettingsOf(settings) }
}

function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '')
}

/** What is wrong with one of a list is shown at the list. */
function byField(problems: Record<string, string>): Record<string, string> {
  const named = Object.entries(problems).map(([path, message]) => [path.split('.')[0], message])
  return Object.fromEntries(named.reverse())
}
