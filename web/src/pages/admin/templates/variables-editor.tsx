import { Button, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Section } from '../../../ui/section.tsx'
import { emptyVariable, type VariableValues } from './template-form-values.ts'
import { VariableEditor } from './variable-editor.tsx'

interface VariablesEditorProps {
  readonly variables: readonly VariableValues[]
  /** By the field's name in the form: `variables.0.name`. */
  readonly errors: Readonly<Record<string, ReactNode>>
  readonly onChange: (variables: VariableValues[]) => void
}

/** The variables of a template, in the order in which they are asked for. */
export function VariablesEditor({ variables, errors, onChange }: VariablesEditorProps) {
  const [made, setMade] = useState(0)
  const add = () => {
    onChange([...variables, emptyVariable(`new ${made}`)])
    setMade(made + 1)
  }
  return (
    <Section
      title="Variables"
      about="What each server sets for itself; they stand in its environment."
    >
      <Stack>
        {variables.length === 0 ? (
          <Text size="sm" c="dimmed">
            The template has none.
          </Text>
        ) : null}
        {variables.map((variable, at) => (
          <VariableEditor
            key={variable.key}
            variable={variable}
            errorOf={(field) => errors[`variables.${at}.${field}`] ?? null}
            onChange={(changed) => onChange(variables.with(at, changed))}
            onRemove={() => onChange(variables.toSpliced(at, 1))}
            onRaise={
              at === 0
                ? undefined
                : () => onChange(variables.toSpliced(at, 1).toSpliced(at - 1, 0, variable))
            }
          />
        ))}
        <Group>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
            Add a variable
          </Button>
        </Group>
      </Stack>
    </Section>
  )
}
