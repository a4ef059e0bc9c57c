import { Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'

export interface PortDetails {
  alias: string
  notes: string
  variable: string
}

type InputProps = ReturnType<UseFormReturnType<PortDetails>['getInputProps']>

/** What may be said of a port, whatever it is. */
export function PortDetailFields({
  propsOf,
}: {
  propsOf: (name: keyof PortDetails) => InputProps
}) {
  return (
    <>
      <TextInput label="Name" description="What you call it." {...propsOf('alias')} />
      <TextInput
        label="Variable"
        description="The server’s variable that is to hold its port in the container, such as QUERY_PORT."
        autoComplete="off"
        {...propsOf('variable')}
      />
      <Textarea label="Notes" autosize minRows={2} {...propsOf('notes')} />
    </>
  )
}

/** The fields as the endpoints take them: an empty one says nothing. */
export function detailsOf({ alias, notes, variable }: PortDetails) {
  const given = (text: string) => (text.trim() === '' ? null : text.trim())
  return { alias: given(alias), notes: given(notes), variable: given(variable) }
}
