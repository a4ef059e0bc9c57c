import { Anchor, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { Imported, ImportedFile } from '../../../../../../contract/api/template-documents.ts'
import { paths } from '../../../../paths.ts'
import { counted } from '../../../../ui/amounts.ts'
import { type Column, DataTable } from '../../../../ui/data-table.tsx'
import { Section } from '../../../../ui/section.tsx'
import { ReportList } from './report-list.tsx'

interface ImportOutcomeProps {
  readonly imported: Imported
  readonly onAgain: () => void
}

/** The template that came in, with what was found in it. */
export function ImportOutcome({ imported, onAgain }: ImportOutcomeProps) {
  const { template, report } = imported
  return (
    <Section title={`${template.name} is imported`}>
      <ReportList report={report} />
      <Group>
        <Button component={Link} to={paths.template(template.id)}>
          Look at the template
        </Button>
        <Button
          component={Link}
          to={paths.newServer({ template: template.id })}
          variant="default"
          leftSection={<IconPlus size={16} />}
        >
          Create a server
        </Button>
        <Button variant="subtle" onClick={onAgain}>
          Import another
        </Button>
      </Group>
    </Section>
  )
}

const columns: readonly Column<ImportedFile>[] = [
  { name: 'File', cell: ({ path }) => <Code>{path}</Code> },
  {
    name: 'Template',
    cell: ({ template, error }) =>
      template === null ? (
        <Text size="sm" c="red">
          {error}
        </Text>
      ) : (
        <Anchor component={Link} to={paths.template(template.id)} size="sm">
          {template.name}
        </Anchor>
      ),
  },
  {
    name: 'Report',
    cell: ({ template, report }) => (template === null ? '–' : <ReportList report={report} />),
  },
]

interface ArchiveOutcomeProps {
  readonly files: readonly ImportedFile[]
  readonly onAgain: () => void
}

/** What became of each file of an archive. */
export function ArchiveOutcome({ files, onAgain }: ArchiveOutcomeProps) {
  const made = files.filter(({ template }) => template !== null).length
  return (
    <Section title={`${counted(made, 'template')} of ${counted(files.length, 'file')} imported`}>
      <Stack>
        {files.length === 0 ? (
          <Text size="sm" c="dimmed">
            The archive holds no JSON or YAML file.
          </Text>
        ) : (
          <DataTable label="Files" columns={columns} rows={files} keyOf={({ path }) => path} />
        )}
        <Group>
          <Button component={Link} to={paths.templates()}>
            See all templates
          </Button>
          <Button variant="subtle" onClick={onAgain}>
            Import more
          </Button>
        </Group>
      </Stack>
    </Section>
  )
}
