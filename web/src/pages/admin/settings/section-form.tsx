import { NumberInput, type NumberInputProps, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { SaveButton } from '../../../ui/save-button.tsx'
import type { useSave } from './use-save.ts'

interface SectionFormProps {
  readonly form: { readonly errors: object; readonly isDirty: () => boolean }
  readonly save: ReturnType<typeof useSave>
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
  readonly children: ReactNode
}

/** One section of the settings: each is saved by itself, by whoever may. */
export function SectionForm({ form, save, onSubmit, children }: SectionFormProps) {
  const me = useMe()
  return (
    <Form errors={form.errors} attempt={save} onSubmit={onSubmit}>
      <Stack>
        {children}
        <FormFailure error={save.error} />
        {may(me, 'settings.update') ? (
          <SaveButton changed={form.isDirty()} busy={save.isPending} />
        ) : null}
      </Stack>
    </Form>
  )
}

/** Whole days, or nothing. */
export function DaysField(props: Omit<NumberInputProps, 'min' | 'allowDecimal'>) {
  return <NumberInput suffix=" days" min={1} allowDecimal={false} {...props} />
}
