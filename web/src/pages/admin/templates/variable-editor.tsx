import {
  ActionIcon,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ruleProblem, valueProblem } from '../../../../../contract/rules/variables.ts'
import type { VariableValues } from './template-form-values.ts'

interface VariableEditorProps {
  readonly variable: VariableValues
  readonly errorOf: (field: keyof VariableValues) => ReactNode
  readonly onChange: (variable: VariableValues) => void
  readonly onRemove: () => void
  /** Not given: it is the first already. */
  readonly onRaise: (() => void) | undefined
}

const inputs = [
  { value: 'text', label: 'A line of text' },
  { value: 'textarea', label: 'Lines of text' },
  { value: 'number', label: 'A number' },
  { value: 'checkbox', label: 'Yes or no' },
  { value: 'select', label: 'One of those in the rule in:' },
  { value: 'password', label: 'A password' },
] as const

const flags = [
  ['required', 'Required'],
  ['userViewable', 'Owners see it'],
  ['userEditable', 'Owners change it'],
  ['secret', 'Secret: never shown'],
] as const

export function VariableEditor(props: VariableEditorProps) {
  const { variable, errorOf, onChange, onRemove, onRaise } = props
  const text = (field: 'name' | 'title' | 'description' | 'default' | 'rules') => ({
    value: variable[field],
    error: errorOf(field),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...variable, [field]: currentTarget.value }),
  })
  const called = variable.name || 'the new variable'
  return (
    <Fieldset legend={variable.title || variable.name || 'New variable'}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label="Name" required description="In the environment." {...text('name')} />
          <TextInput label="Title" description="What people read." {...text('title')} />
          <TextInput label="Default" {...text('default')} />
          <NativeSelect
            label="Field"
            data={[...inputs]}
            value={variable.input}
            onChange={({ currentTarget }) =>
              onChange({ ...variable, input: inputNamed(currentTarget.value) })
            }
          />
        </SimpleGrid>
        <TextInput label="Description" {...text('description')} />
        <Textarea
          label="Rules"
          description="As in eggs, one a line: between:1,10"
          autosize
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...text('rules')}
        />
        <Notes variable={variable} />
        <Group justify="space-between">
          <Group>
            {flags.map(([field, label]) => (
              <Checkbox
                key={field}
                label={label}
                checked={variable[field]}
                onChange={({ currentTarget }) =>
                  onChange({ ...variable, [field]: currentTarget.checked })
                }
              />
            ))}
          </Group>
          <Group gap="xs">
            {onRaise === undefined ? null : (
              <ActionIcon variant="default" aria-label={`Move ${called} up`} onClick={onRaise}>
                <IconArrowUp size={16} />
              </ActionIcon>
            )}
            <ActionIcon variant="default" aria-label={`Remove ${called}`} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Group>
      </Stack>
    </Fieldset>
  )
}

function inputNamed(name: string): VariableValues['input'] {
  return inputs.find(({ value }) => value === name)?.value ?? 'text'
}

/** What is worth knowing and no mistake: rules that are not checked, a default that has to be replaced. */
function Notes({ variable }: { variable: VariableValues }) {
  const rules = variable.rules.split('\n').filter((rule) => rule.trim() !== '')
  const unchecked = rules.flatMap((rule) => {
    const problem = ruleProblem(rule)
    return problem === null ? [] : [`"${rule}" is not checked: ${problem}.`]
  })
  const problem = valueProblem({ ...variable, rules }, variable.default)
  const preset = problem === null ? [] : [`Each server has to set it. Of the default: ${problem}`]
  return [...unchecked, ...preset].map((note) => (
    <Text key={note} size="sm" c="dimmed">
      {note}
    </Text>
  ))
}
