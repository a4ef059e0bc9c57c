import { Checkbox, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { PortField } from '../../../ui/amount-fields.tsx'

export interface PoolSettings {
  alias: string
  publicHost: string
  publicPortFrom: number | string
  selfService: boolean
}

export const noPoolSettings: PoolSettings = {
  alias: '',
  publicHost: '',
  publicPortFrom: '',
  selfService: true,
}

type GetInputProps = UseFormReturnType<PoolSettings>['getInputProps']

/** What an admin says of a pool beside what is in it. */
export function PoolSettingFields({ propsOf }: { propsOf: GetInputProps }) {
  return (
    <>
      <TextInput label="Name" description="What you call it." {...propsOf('alias')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="Public host"
          description="Where players connect, behind NAT, a tunnel or a proxy. Empty: the address."
          {...propsOf('publicHost')}
        />
        <PortField
          label="First public port"
          description="In place of the first port; the others follow. Empty: the same."
          {...propsOf('publicPortFrom')}
        />
      </SimpleGrid>
      <Checkbox
        label="Owners take from it by themselves"
        description="So do servers that ask for no port in particular."
        {...propsOf('selfService', { type: 'checkbox' })}
      />
    </>
  )
}

/** The fields as the endpoints take them: an empty one says nothing. */
export function poolSettingsOf({ alias, publicHost, publicPortFrom, selfService }: PoolSettings) {
  return {
    alias: alias.trim() === '' ? null : alias.trim(),
    publicHost: publicHost.trim() === '' ? null : publicHost.trim(),
    publicPortFrom: publicPortFrom === '' ? null : Number(publicPortFrom),
    selfService,
  }
}
