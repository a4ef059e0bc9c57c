import { TextInput, type TextInputProps } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { templates } from '../../../../../contract/api/templates.ts'
import { queryOf } from '../../../api/queries.ts'
import { categoriesOf } from './categories.ts'

/** A category by its name: one of those that there are, or a new one. */
export function CategoryField(props: TextInputProps) {
  const id = useId()
  const list = useQuery({ ...queryOf(templates.list, {}), staleTime: 60_000 })
  return (
    <>
      <TextInput label="Category" description="Empty: none." list={id} {...props} />
      <datalist id={id}>
        {categoriesOf(list.data ?? []).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  )
}
