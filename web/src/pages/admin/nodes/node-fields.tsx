import { NativeSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { locations } from '../../../../../contract/api/nodes.ts'
import { queryOf } from '../../../api/queries.ts'
import { CoresField, MebibytesField, PortField } from '../../../ui/amount-fields.tsx'

/** The form's fields; an empty text stands for "not given". */
export interface NodeFormValues {
  name: string
  description: string
  locationId: string
  publicAddress: string
  maxMemoryMb: number | string
  maxCpuCores: number | string
  portFrom: number | string
  portTo: number | string
}

/** What the admin decides about a node. */
export function NodeFields({ form }: { form: UseFormReturnType<NodeFormValues> }) {
  const places = useQuery(queryOf(locations.list, {}))
  return (
    <>
      <TextInput label="Name" required {...form.getInputProps('name')} />
      <TextInput
        label="Public address"
        description="The host name or address that players connect to, without a port."
        required
        {...form.getInputProps('publicAddress')}
      />
      <NativeSelect
        label="Location"
        data={(places.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        {...form.getInputProps('locationId')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <MebibytesField
          label="Memory for servers"
          description="Empty: as much as the machine has."
          {...form.getInputProps('maxMemoryMb')}
        />
        <CoresField
          label="CPU for servers"
          description="Empty: as much as the machine has."
          {...form.getInputProps('maxCpuCores')}
        />
        <PortField
          label="First port"
          description="Servers get ports from here…"
          {...form.getInputProps('portFrom')}
        />
        <PortField label="Last port" description="…to here." {...form.getInputProps('portTo')} />
      </SimpleGrid>
      <Textarea label="Description" autosize minRows={2} {...form.getInputProps('description')} />
    </>
  )
}

/** The fields as the endpoints take them: empty limits are none, an empty location is the first one. */
export function nodeBody(values: NodeFormValues) {
  const { locationId, ...rest } = values
  return {
    ...rest,
    ...(locationId === '' ? {} : { locationId }),
    description: values.description === '' ? null : values.description,
    maxMemoryMb: values.maxMemoryMb === '' ? null : values.maxMemoryMb,
    maxCpuCores: values.maxCpuCores === '' ? null : values.maxCpuCores,
  }
}
