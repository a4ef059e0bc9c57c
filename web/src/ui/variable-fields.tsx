import type { ReactNode } from 'react'
import type { TemplateVariable } from '../../../contract/api/templates.ts'
import { VariableField } from './variable-field.tsx'

interface VariableFieldsProps {
  readonly variables: readonly TemplateVariable[]
  readonly environment: Readonly<Record<string, string>>
  /** By the field's name in the form: `environment.NAME`. */
  readonly errors: Readonly<Record<string, ReactNode>>
  readonly onChange: (environment: Record<string, string>) => void
}

/** The fields for a template's variables. */
export function VariableFields({ variables, environment, errors, onChange }: VariableFieldsProps) {
  return variables.map((variable) => (
    <VariableField
      key={variable.name}
      variable={variable}
      value={environment[variable.name] ?? ''}
      error={errors[`environment.${variable.name}`]}
      onChange={(value) => onChange({ ...environment, [variable.name]: value })}
    />
  ))
}
