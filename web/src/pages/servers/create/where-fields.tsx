import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { users } from '../../../../../contract/api/accounts.ts'
import { locations, type Node } from '../../../../../contract/api/nodes.ts'
import { pageQueryOf, queryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { mebibytesText } from '../../../ui/amounts.ts'
import { nodeLooks } from '../../../ui/looks.ts'
import { Section } from '../../../ui/section.tsx'
import { NodeSelect } from '../node-select.tsx'
import { useNewServerForm } from './form-context.ts'

/** Where it runs, and whose it is. */
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
      {form.values.nodeId === '' ? <PlaceFields /> : null}
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

/** What narrows the choice of a node that is not named. */
function PlaceFields() {
  const me = useMe()
  const form = useNewServerForm()
  const places = useQuery({ ...queryOf(locations.list, {}), enabled: may(me, 'location.read') })
  const known = places.data ?? []
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {known.length === 0 ? null : (
        <NativeSelect
          label="Location"
          data={[
            { value: '', label: 'Any' },
            ...known.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          {...form.getInputProps('locationId')}
        />
      )}
      <TextInput label="Tags" placeholder="ssd" {...form.getInputProps('tags')} />
    </SimpleGrid>
  )
}

/** "hel-1 (Online, 12.5 GiB free)". */
function nodeText({ name, status, host, maxMemoryMb, ...node }: Node): string {
  const all = maxMemoryMb ?? host?.memoryMb
  const free =
    all === undefined
      ? ''
      : `, ${mebibytesText(all * node.memoryOvercommit - node.allocatedMemoryMb)} free`
  const state = node.maintenance ? 'In maintenance' : nodeLooks[status].text
  return `${name} (${state}${free})`
}
