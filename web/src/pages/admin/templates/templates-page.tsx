import { Anchor, Button, Code, Text } from '@mantine/core'
import { IconFileDescription, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type Template, templates } from '../../../../../contract/api/templates.ts'
import { queryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { paths } from '../../../paths.ts'
import { Age } from '../../../ui/age.tsx'
import { coresText, mebibytesText } from '../../../ui/amounts.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { PageFrame } from '../../../ui/page.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { DemoHint } from './demo-hint.tsx'

const columns: readonly Column<Template>[] = [
  {
    name: 'Template',
    cell: (template) => (
      <>
        <Anchor component={Link} to={paths.template(template.id)} fw={600} size="sm">
          {template.name}
        </Anchor>
        <Text size="xs" c="dimmed" lineClamp={1}>
          {template.description}
        </Text>
      </>
    ),
  },
  { name: 'Image', cell: ({ image }) => <Code>{image}</Code> },
  {
    name: 'Suggests',
    cell: ({ allocatedMemoryMb, allocatedCpuCores }) =>
      `${mebibytesText(allocatedMemoryMb)}, ${coresText(allocatedCpuCores)}`,
  },
  { name: 'Servers', cell: ({ serverCount }) => serverCount },
  { name: 'Changed', cell: ({ updatedAt }) => <Age at={updatedAt} /> },
]

export function Component() {
  const me = useMe()
  const list = useQuery(queryOf(templates.list, {}))
  const add = may(me, 'template.create') ? (
    <Button component={Link} to={paths.newTemplate()} leftSection={<IconPlus size={16} />}>
      Add a template
    </Button>
  ) : null
  return (
    <PageFrame title="Templates" actions={add}>
      <Shown query={list}>
        {(known) =>
          known.length === 0 ? (
            <Empty
              icon={<IconFileDescription />}
              title="No templates yet"
              text="A template says which image a server runs, how it is installed, started and stopped."
            >
              {add}
              {add === null ? null : <DemoHint />}
            </Empty>
          ) : (
            <DataTable label="Templates" columns={columns} rows={known} keyOf={({ id }) => id} />
          )
        }
      </Shown>
    </PageFrame>
  )
}
