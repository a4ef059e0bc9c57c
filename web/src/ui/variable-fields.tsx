import type { ReactNode } from 'react'
import type { TemplateVariable } from '../../../contract/api/template-fields.ts'
import { valueProblem } from '../../../contract/rules/variables.ts'
import { VariableField } from './variable-field.tsx'

interface VariableFieldsProps {
  readonly variables: readonly TemplateVariable[]
  readonly environment: Readonly<Record<string, string>>
  /** By the field's name in the form: `environment.NAME`. */
  readonly errors: Readonly<Record<string, ReactNode>>
  readonly onChange: (environment: Record<string, string>) => void
}

/** The fields for a template's variables, held against their rules while they are typed. */
export function VariableFields({ variables, environment, errors, onChange }: VariableFieldsProps) {
  return variables.map((variable) => {
    const value = environment[variable.name] ?? ''
    const refused = errors[`environment.${variable.name}`]
    // An empty field is a fault only once the form is sent.
    const problem = value === '' ? null : valueProblem(variable, value)
    return (
      <VariableField
        key={variable.name}
        variable={variable}
        value={value}
        error={refused ?? problem}
        onChange={(changed) => onChange({ ...environment, [variable.name]: changed })}
      />
    )
  })
}
