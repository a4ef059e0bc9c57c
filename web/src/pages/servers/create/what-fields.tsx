import { NativeSelect, Text, Textarea, TextInput } from '@mantine/core'
import type { Template } from '../../../../../contract/api/templates.ts'
import { Section } from '../../../ui/section.tsx'
import { groupsOf } from '../../admin/templates/categories.ts'
import { useNewServerForm } from './form-context.ts'
import { suggestedBy } from './new-server.ts'

/** What it is: its name and the game it runs. */
export function WhatFields({ templates }: { templates: readonly Template[] }) {
  const form = useNewServerForm()
  const chosen = templates.find(({ id }) => id === form.values.templateId)
  const choose = (templateId: string) => {
    const template = templates.find(({ id }) => id === templateId)
    if (template !== undefined) form.setValues(suggestedBy(template))
  }
  return (
    <Section title="What">
      <TextInput label="Name" required autoFocus {...form.getInputProps('name')} />
      <NativeSelect
        label="Template"
        data={groupsOf(templates)}
        {...form.getInputProps('templateId')}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {chosen === undefined || chosen.description === '' ? null : (
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-line' }}>
          {chosen.description}
        </Text>
      )}
      {chosen === undefined || chosen.images.length < 2 ? null : (
        <NativeSelect
          label="Image"
          data={[
            { value: '', label: nameOf(chosen) },
            ...chosen.images
              .filter(({ image }) => image !== chosen.image)
              .map(({ name, image }) => ({ value: image, label: name })),
          ]}
          {...form.getInputProps('image')}
        />
      )}
      {chosen === undefined || chosen.startups.length === 0 ? null : (
        <NativeSelect
          label="Startup line"
          data={[
            { value: '', label: 'The usual one' },
            ...chosen.startups.map(({ name }) => ({ value: name, label: name })),
          ]}
          {...form.getInputProps('startupName')}
        />
      )}
      <Textarea label="Description" autosize minRows={2} {...form.getInputProps('description')} />
    </Section>
  )
}

function nameOf({ image, images }: Template): string {
  return images.find((one) => one.image === image)?.name ?? image
}
