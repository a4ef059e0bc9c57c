import { NumberInput, SimpleGrid } from '@mantine/core'
import type { ComponentProps } from 'react'

type FieldProps = Pick<ComponentProps<typeof NumberInput>, 'value' | 'onChange' | 'error'>

export interface Limits {
  readonly allocatedMemoryMb: number | string
  readonly allocatedCpuCores: number | string
  readonly allocatedDiskMb: number | string
}

/** Memory, cores and disk, in the units of the API. */
export function LimitFields({ propsOf }: { propsOf: (name: keyof Limits) => FieldProps }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <NumberInput
        label="Memory"
        suffix=" MiB"
        min={16}
        step={256}
        allowDecimal={false}
        {...propsOf('allocatedMemoryMb')}
      />
      <NumberInput
        label="CPU"
        suffix=" cores"
        min={0.05}
        step={0.5}
        decimalScale={2}
        {...propsOf('allocatedCpuCores')}
      />
      <NumberInput
        label="Disk"
        suffix=" MiB"
        min={16}
        step={1024}
        allowDecimal={false}
        {...propsOf('allocatedDiskMb')}
      />
    </SimpleGrid>
  )
}
