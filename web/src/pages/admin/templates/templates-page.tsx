import { Anchor, Button, Code, Group, NativeSelect, Text } from '@mantine/core'
import { IconFileDescription, IconFileImport, IconPlus, IconSearchOff } from '@tabler/icons-react'
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
import { SearchField } from '../../../ui/search-field.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { useFilters } from '../../../ui/use-filters.ts'
import { categoriesOf } from './categories.ts'
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
  { name: 'Category', cell: ({ category }) => category || '–' },
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
  const filters = useFilters('search', 'category')
  const list = useQuery(queryOf(templates.list, {}))
  const add = may(me, 'template.create') ? <AddButtons /> : null
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
            <>
              <Filters filters={filters} categories={categoriesOf(known)} />
              <Matching templates={known.filter(matcher(filters))} onClear={filters.clear} />
            </>
          )
        }
      </Shown>
    </PageFrame>
  )
}

function AddButtons() {
  return (
    <Group gap="xs">
      <Button
        component={Link}
        to={paths.importTemplate()}
        variant="default"
        leftSection={<IconFileImport size={16} />}
      >
        Import
      </Button>
      <Button component={Link} to={paths.newTemplate()} leftSection={<IconPlus size={16} />}>
        Add a template
      </Button>
    </Group>
  )
}

type TemplateFilters = ReturnType<typeof useFilters<'search' | 'category'>>

function Filters({
  filters,
  categories,
}: {
  filters: TemplateFilters
  categories: readonly string[]
}) {
  return (
    <Group>
      <SearchField
        label="Search templates"
        value={filters.value('search')}
        onSearch={(text) => filters.set('search', text)}
      />
      {categories.length === 0 ? null : (
        <NativeSelect
          aria-label="Category"
          data={[{ value: '', label: 'All categories' }, ...categories]}
          value={filters.value('category')}
          onChange={(event) => filters.set('category', event.currentTarget.value)}
        />
      )}
    </Group>
  )
}

/** The list is whole anyway, so it is narrowed here and not asked for again. */
function matcher(filters: TemplateFilters): (template: Template) => boolean {
  const search = filters.value('search').toLowerCase()
  const category = filters.value('category')
  return ({ name, description, author, ...template }) =>
    (category === '' || template.category === category) &&
    [name, description, author].some((text) => text.toLowerCase().includes(search))
}

interface MatchingProps {
  readonly templates: readonly Template[]
  readonly onClear: () => void
}

function Matching({ templates: rows, onClear }: MatchingProps) {
  if (rows.length > 0) {
    return <DataTable label="Templates" columns={columns} rows={rows} keyOf={({ id }) => id} />
  }
  return (
    <Empty icon={<IconSearchOff />} title="No template matches" text="Ask for less.">
      <Button variant="default" onClick={onClear}>
        Clear the filters
      </Button>
    </Empty>
  )
}
