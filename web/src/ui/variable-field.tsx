import {
  Checkbox,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { ReactNode } from 'react'
import type { TemplateVariable } from '../../../contract/api/templates.ts'

interface VariableFieldProps {
  readonly variable: TemplateVariable
  readonly value: string
  readonly error: ReactNode
  readonly onChange: (value: string) => void
}

/** One variable of a template as the kind of field that the template names. Values are always texts. */
export function VariableField({ variable, value, error, onChange }: VariableFieldProps) {
  const shared = {
    label: variable.name,
    description: variable.description === '' ? null : variable.description,
    required: variable.required,
    error: error ?? null,
  }
  switch (variable.input) {
    case 'number':
      return (
        <NumberInput
          {...shared}
          value={value}
          onChange={(number) => onChange(String(number))}
          hideControls
        />
      )
    case 'password':
      return (
        <PasswordInput
          {...shared}
          value={value}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': `Show ${variable.name}` }}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'checkbox': {
      const [off, on] = ['true', 'false'].includes(variable.default)
        ? ['false', 'true']
        : ['0', '1']
      return (
        <Checkbox
          {...shared}
          required={false}
          checked={value === on}
          onChange={(event) => onChange(event.currentTarget.checked ? on : off)}
        />
      )
    }
    case 'select':
      return (
        <NativeSelect
          {...shared}
          data={choicesOf(variable, value)}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'textarea':
      return (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          maxRows={10}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'text':
      return (
        <TextInput
          {...shared}
          value={value}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
  }
}

/** Choices stand in a rule of the form `in:one,two`; the present value is always one of them. */
export function choicesOf({ rules }: Pick<TemplateVariable, 'rules'>, value: string): string[] {
  const rule = rules.find((one) => one.startsWith('in:'))
  const choices = rule === undefined ? [] : rule.slice(3).split(',')
  return choices.includes(value) ? choices : [value, ...choices]
}
