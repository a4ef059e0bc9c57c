import { type NumberInputProps, SimpleGrid } from '@mantine/core'
import { CoresField, MebibytesField } from './amount-fields.tsx'

type FieldProps = Pick<NumberInputProps, 'value' | 'onChange' | 'error'>

export interface Limits {
  readonly allocatedMemoryMb: number | string
  readonly allocatedCpuCores: number | string
  readonly allocatedDiskMb: number | string
}

interface LimitFieldsProps {
  readonly propsOf: (name: keyof Limits) => FieldProps
  /** Templates suggest no disk. */
  readonly withDisk?: boolean
}

/** Memory, cores and disk, in the units of the API. */
export function LimitFields({ propsOf, withDisk = true }: LimitFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, xs: withDisk ? 3 : 2 }}>
      <MebibytesField label="Memory" min={16} step={256} {...propsOf('allocatedMemoryMb')} />
      <CoresField label="CPU" min={0.05} {...propsOf('allocatedCpuCores')} />
      {withDisk ? (
        <MebibytesField label="Disk" min={16} step={1024} {...propsOf('allocatedDiskMb')} />
      ) : null}
    </SimpleGrid>
  )
}
