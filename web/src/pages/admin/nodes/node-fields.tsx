import { NativeSelect, NumberInput, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { locations } from '../../../../../contract/api/nodes.ts'
import { queryOf } from '../../../api/queries.ts'

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
        <NumberInput
          label="Memory for servers"
          description="Empty: as much as the machine has."
          suffix=" MiB"
          min={1}
          allowDecimal={false}
          {...form.getInputProps('maxMemoryMb')}
        />
        <NumberInput
          label="CPU for servers"
          description="Empty: as much as the machine has."
          suffix=" cores"
          min={0}
          {...form.getInputProps('maxCpuCores')}
        />
        <NumberInput
          label="First port"
          description="Servers get ports from here…"
          hideControls
          allowDecimal={false}
          {...form.getInputProps('portFrom')}
        />
        <NumberInput
          label="Last port"
          description="…to here."
          hideControls
          allowDecimal={false}
          {...form.getInputProps('portTo')}
        />
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
