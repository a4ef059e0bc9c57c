import { Button, Checkbox, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import {
  type TemplateChange,
  type TemplateField,
  templateDocuments,
} from '../../../../../../contract/api/template-documents.ts'
import { type Template, templates } from '../../../../../../contract/api/templates.ts'
import { useAction } from '../../../../api/queries.ts'
import { paths } from '../../../../paths.ts'
import { counted } from '../../../../ui/amounts.ts'
import { FormFailure } from '../../../../ui/form-failure.tsx'
import { ReasonButton } from '../../../../ui/reason-button.tsx'
import { Section } from '../../../../ui/section.tsx'
import { toastDone } from '../../../../ui/toast.ts'

interface ChangeListProps {
  readonly template: Template
  readonly content: string
  readonly changes: readonly TemplateChange[]
}

/** What a newer document would change. What was changed here is not taken over unless it is chosen. */
export function ChangeList({ template, content, changes }: ChangeListProps) {
  const [chosen, choose] = useState<readonly TemplateField[]>(() =>
    changes.filter(({ editedHere }) => !editedHere).map(({ field }) => field),
  )
  const navigate = useNavigate()
  const update = useAction(templateDocuments.updateFrom, {
    refreshes: [templates.list, templates.get],
    onDone: () => {
      toastDone('Updated; servers take it at their next start')
      return navigate(paths.template(template.id))
    },
  })
  const toggle = (field: TemplateField) =>
    choose(chosen.includes(field) ? chosen.filter((one) => one !== field) : [...chosen, field])
  if (changes.length === 0) {
    return (
      <Section title="Changes">
        <Text>The template says all of this already.</Text>
      </Section>
    )
  }
  const used = template.serverCount
  return (
    <Section
      title="Changes"
      about={`${counted(used, 'server')} of this template will have them from the next start.`}
    >
      <Stack>
        {changes.map(({ field, before, after, editedHere }) => (
          <div key={field}>
            <Checkbox
              label={field}
              description={editedHere ? 'It was changed here since it was imported.' : null}
              checked={chosen.includes(field)}
              onChange={() => toggle(field)}
            />
            <SimpleGrid cols={{ base: 1, sm: 2 }} mt={4}>
              <Side title="Now" value={before} />
              <Side title="Then" value={after} />
            </SimpleGrid>
          </div>
        ))}
        <FormFailure error={update.error} />
        <Group>
          <ReasonButton
            label="Take these over"
            loading={update.isPending}
            possible={chosen.length > 0 || 'Choose at least one.'}
            onPress={() => update.mutate({ templateId: template.id, content, fields: [...chosen] })}
          />
          <Button variant="subtle" onClick={() => choose(changes.map(({ field }) => field))}>
            Choose all
          </Button>
        </Group>
      </Stack>
    </Section>
  )
}

function Side({ title, value }: { title: string; value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return (
    <div>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 240 }}>
        {text === '' ? '(empty)' : text}
      </Code>
    </div>
  )
}
