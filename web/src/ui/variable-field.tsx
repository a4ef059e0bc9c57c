import {
  Checkbox,
  Code,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { ReactNode } from 'react'
import type { TemplateVariable } from '../../../contract/api/template-fields.ts'
import { isRequired } from '../../../contract/rules/variables.ts'
import { readRule } from '../../../contract/rules/variables-parse.ts'

interface VariableFieldProps {
  readonly variable: TemplateVariable
  readonly value: string
  readonly error: ReactNode
  /** Why it cannot be changed; not given: it can. */
  readonly locked?: string | undefined
  /** What stands where a value is that is not shown. */
  readonly placeholder?: string | undefined
  readonly onChange: (value: string) => void
}

/** One variable of a template as the kind of field that the template names. Values are always texts. */
export function VariableField(props: VariableFieldProps) {
  const { variable, value, error, locked, placeholder, onChange } = props
  const shared = {
    label: variable.title || variable.name,
    description: <About variable={variable} locked={locked} />,
    required: isRequired(variable),
    disabled: locked !== undefined,
    error: error ?? null,
  }
  if (variable.secret || variable.input === 'password') {
    return (
      <PasswordInput
        {...shared}
        value={value}
        placeholder={placeholder}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': `Show ${variable.name}` }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
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

function About({ variable, locked }: Pick<VariableFieldProps, 'variable' | 'locked'>) {
  const { title, name, description } = variable
  return (
    <span style={{ whiteSpace: 'pre-line' }}>
      {title === '' ? null : <Code>{name}</Code>} {description} {locked}
    </span>
  )
}

/** Choices stand in a rule of the form `in:one,two`; the present value is always one of them. */
export function choicesOf({ rules }: Pick<TemplateVariable, 'rules'>, value: string): string[] {
  const choices = rules.map(readRule).find(({ name }) => name === 'in')?.list ?? []
  return choices.includes(value) ? [...choices] : [value, ...choices]
}
