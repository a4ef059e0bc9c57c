import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { users } from '../../../../../contract/api/accounts.ts'
import type { Node } from '../../../../../contract/api/nodes.ts'
import { pageQueryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { PortField } from '../../../ui/amount-fields.tsx'
import { mebibytesText } from '../../../ui/amounts.ts'
import { nodeLooks } from '../../../ui/looks.ts'
import { Section } from '../../../ui/section.tsx'
import { NodeSelect } from '../node-select.tsx'
import { useNewServerForm } from './form-context.ts'

/** Where it runs, on which port, and whose it is. */
export function WhereFields() {
  const me = useMe()
  const form = useNewServerForm()
  const people = useQuery({
    ...pageQueryOf(users.list, { limit: 1000 }),
    enabled: may(me, 'user.read'),
  })
  return (
    <Section title="Where">
      <NodeSelect
        label="Node"
        none="The one with the most free memory"
        textOf={nodeText}
        {...form.getInputProps('nodeId')}
      />
      <PortField
        label="Port"
        description="Empty: the template’s port when it is free, else any free one."
        {...form.getInputProps('primaryPort')}
      />
      {people.data === undefined ? null : (
        <NativeSelect
          label="Owner"
          data={[
            { value: '', label: `You (${me.email})` },
            ...people.data.items
              .filter(({ id }) => id !== me.id)
              .map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` })),
          ]}
          {...form.getInputProps('ownerId')}
        />
      )}
    </Section>
  )
}

/** "hel-1 (Online, 12.5 GiB free)". */
function nodeText({ name, status, host, maxMemoryMb, allocatedMemoryMb }: Node): string {
  const all = maxMemoryMb ?? host?.memoryMb
  const free = all === undefined ? '' : `, ${mebibytesText(all - allocatedMemoryMb)} free`
  return `${name} (${nodeLooks[status].text}${free})`
}
