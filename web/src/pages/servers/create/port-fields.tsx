import { Button, Group, NativeSelect, NumberInput, SimpleGrid, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { PortField } from '../../../ui/amount-fields.tsx'
import { Section } from '../../../ui/section.tsx'
import { protocolChoices } from '../../server/network/protocols.ts'
import { useNewServerForm } from './form-context.ts'
import type { MorePort } from './new-server.ts'

/** On which ports players and programs reach it. */
export function PortFields() {
  const form = useNewServerForm()
  const add = () =>
    form.insertListItem('morePorts', {
      ...{ key: crypto.randomUUID(), protocol: 'both' },
      ...{ hostPort: '', containerPort: '', variable: '' },
    } satisfies MorePort)
  return (
    <Section title="Ports">
      <PortField
        label="Port"
        description="Empty: the template’s port when it is free, else any free one."
        {...form.getInputProps('primaryPort')}
      />
      {form.values.morePorts.map(({ key }, at) => (
        <MorePortFields key={key} at={at} />
      ))}
      <div>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          onClick={add}
        >
          Add a port
        </Button>
      </div>
      <NumberInput
        label="Ports its owner may have"
        description="How many they may bring it to by themselves, the first one with them."
        min={0}
        allowDecimal={false}
        {...form.getInputProps('allocationLimit')}
      />
    </Section>
  )
}

function MorePortFields({ at }: { at: number }) {
  const form = useNewServerForm()
  const propsOf = (name: keyof MorePort) => form.getInputProps(`morePorts.${at}.${name}`)
  const which = `Additional port ${at + 1}`
  return (
    <Group role="group" aria-label={which} align="flex-end" wrap="nowrap">
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 4 }} style={{ flexGrow: 1 }}>
        <NativeSelect label="Protocol" data={protocolChoices} {...propsOf('protocol')} />
        <PortField label="Port of the node" placeholder="Any" {...propsOf('hostPort')} />
        <PortField label="In the container" placeholder="The same" {...propsOf('containerPort')} />
        <TextInput label="Variable" placeholder="QUERY_PORT" {...propsOf('variable')} />
      </SimpleGrid>
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ flexShrink: 0 }}
        aria-label={`Remove: ${which}`}
        onClick={() => form.removeListItem('morePorts', at)}
      >
        Remove
      </Button>
    </Group>
  )
}
