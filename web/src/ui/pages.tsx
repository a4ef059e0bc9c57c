import { Group, Pagination, Text } from '@mantine/core'
import type { Pagination as PageInfo } from '../../../contract/endpoint.ts'
import { counted } from './amounts.ts'

interface PagesProps {
  readonly info: PageInfo
  readonly what: string
  /** The plural, where it is not made by an s. */
  readonly many?: string
  readonly onTurn: (page: number) => void
}

/** How many there are, and the way to the other pages when one does not hold them. */
export function Pages({ info, what, many, onTurn }: PagesProps) {
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {counted(info.total, what, many)}
      </Text>
      {info.totalPages > 1 ? (
        <Pagination
          value={info.page}
          total={info.totalPages}
          onChange={onTurn}
          size="sm"
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
          getItemProps={(page) => ({ 'aria-label': `Page ${page}` })}
        />
      ) : null}
    </Group>
  )
}
