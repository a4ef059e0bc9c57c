import { Code, List, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import type { ImportFinding } from '../../../../../../contract/api/template-fields.ts'
import { type Look, StatusBadge } from '../../../../ui/badge.tsx'

const looks: Readonly<Record<ImportFinding['level'], Look>> = {
  error: { text: 'Left out', colour: 'red', icon: IconCircleX },
  warning: { text: 'Different', colour: 'yellow', icon: IconAlertTriangle },
  info: { text: 'Note', colour: 'blue', icon: IconInfoCircle },
}

/** What was found while a document was read. */
export function ReportList({ report }: { report: readonly ImportFinding[] }) {
  if (report.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        All of it was understood.
      </Text>
    )
  }
  return (
    <List listStyleType="none" spacing="xs" aria-label="Report">
      {report.map((finding) => (
        <List.Item key={JSON.stringify(finding)}>
          <StatusBadge look={looks[finding.level]} /> <Code>{finding.field}</Code>{' '}
          <Text span size="sm">
            {finding.message}
          </Text>
        </List.Item>
      ))}
    </List>
  )
}
