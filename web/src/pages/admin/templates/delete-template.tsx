import { Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTrash } from '@tabler/icons-react'
import { useNavigate } from 'react-router'
import { type Template, templates } from '../../../../../contract/api/templates.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { counted } from '../../../ui/amounts.ts'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { TypeNameDialog } from '../../../ui/type-name-dialog.tsx'

export function DeleteTemplate({ template }: { template: Template }) {
  const [asking, ask] = useDisclosure(false)
  const navigate = useNavigate()
  const remove = useAction(templates.delete, {
    refreshes: [templates.list],
    onDone: () => navigate(paths.templates()),
  })
  const { serverCount } = template
  return (
    <Section title="Delete">
      <Group>
        <ReasonButton
          label="Delete the template"
          icon={<IconTrash size={16} />}
          color="red"
          variant="light"
          size="sm"
          possible={serverCount === 0 || `It is used by ${counted(serverCount, 'server')}.`}
          onPress={ask.open}
        />
      </Group>
      <TypeNameDialog
        opened={asking}
        title={`Delete ${template.name}?`}
        name={template.name}
        action="Delete the template"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ templateId: template.id })}
        onClose={ask.close}
      >
        <Text size="sm">No server uses it. It cannot be brought back.</Text>
      </TypeNameDialog>
    </Section>
  )
}
