import {
  Checkbox,
  NativeSelect,
  NumberInput,
  type NumberInputProps,
  SimpleGrid,
  Textarea,
  TextInput,
} from '@mantine/core'
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
  maxDiskMb: number | string
  memoryOvercommit: number | string
  cpuOvercommit: number | string
  diskOvercommit: number | string
  /** With commas or spaces between them. */
  tags: string
  maintenance: boolean
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
        <OvercommitField label="Memory overcommit" {...form.getInputProps('memoryOvercommit')} />
        <CoresField
          label="CPU for servers"
          description="Empty: as much as the machine has."
          {...form.getInputProps('maxCpuCores')}
        />
        <OvercommitField label="CPU overcommit" {...form.getInputProps('cpuOvercommit')} />
        <MebibytesField
          label="Disk for servers"
          description="Empty: as much as the machine has."
          {...form.getInputProps('maxDiskMb')}
        />
        <OvercommitField label="Disk overcommit" {...form.getInputProps('diskOvercommit')} />
        <PortField
          label="First port"
          description="Servers get ports from here…"
          {...form.getInputProps('portFrom')}
        />
        <PortField label="Last port" description="…to here." {...form.getInputProps('portTo')} />
      </SimpleGrid>
      <TextInput
        label="Tags"
        description="What a new server may ask for, such as ssd; with spaces between them."
        {...form.getInputProps('tags')}
      />
      <Checkbox
        label="In maintenance"
        description="No new server comes here; those that are here go on."
        {...form.getInputProps('maintenance', { type: 'checkbox' })}
      />
      <Textarea label="Description" autosize minRows={2} {...form.getInputProps('description')} />
    </>
  )
}

function OvercommitField(props: NumberInputProps) {
  const means = 'How often over it may be promised; 1: once.'
  const steps = { min: 1, step: 0.25, decimalScale: 2, suffix: ' ×' }
  return <NumberInput description={means} {...steps} {...props} />
}

/** The fields as the endpoints take them: empty limits are none, an empty location is the first one. */
export function nodeBody(values: NodeFormValues) {
  const { locationId, tags, ...rest } = values
  return {
    ...rest,
    ...(locationId === '' ? {} : { locationId }),
    description: values.description === '' ? null : values.description,
    tags: tags.split(/[\s,;]+/).filter((tag) => tag !== ''),
    maxDiskMb: values.maxDiskMb === '' ? null : values.maxDiskMb,
    maxMemoryMb: values.maxMemoryMb === '' ? null : values.maxMemoryMb,
    maxCpuCores: values.maxCpuCores === '' ? null : values.maxCpuCores,
  }
}
