import { Anchor, Drawer, Stack, Text, Title } from '@mantine/core'
import { IconActivity } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type Operation, operations } from '../../../contract/api/operations.ts'
import { paceOf } from '../api/pace.ts'
import { pageQueryOf, useOpenOperations } from '../api/queries.ts'
import { paths } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { Shown } from '../ui/shown.tsx'
import { OperationCard } from './operation-card.tsx'
import { useDrawer } from './use-drawer.ts'

/** Every operation that the reader may see: under way above, finished below. */
export function OperationsDrawer() {
  const drawer = useDrawer()
  return (
    <Drawer
      opened={drawer.opened}
      onClose={drawer.close}
      position="right"
      size="md"
      title="Operations"
      closeButtonProps={{ 'aria-label': 'Close the operations' }}
    >
      <Lists />
    </Drawer>
  )
}

function Lists() {
  const open = useOpenOperations()
  const finished = useQuery({
    ...pageQueryOf(operations.list, { state: 'finished', limit: 50 }),
    refetchInterval: () => paceOf('watched'),
  })
  return (
    <Shown query={open} loading={<Loading rows={3} height={80} />}>
      {(underWay) => (
        <Stack>
          <Cards title="Under way" items={underWay.items} />
          <Shown query={finished} loading={<Loading rows={3} height={80} />}>
            {(ended) =>
              underWay.items.length + ended.items.length === 0 ? (
                <Empty
                  icon={<IconActivity />}
                  title="Nothing yet"
                  text="Whatever a node is asked to do shows here, from the click to its end."
                />
              ) : (
                <>
                  <Cards title="Finished" items={ended.items.filter(worthShowing)} />
                  <Anchor component={Link} to={paths.operations()} size="sm">
                    All operations
                  </Anchor>
                </>
              )
            }
          </Shown>
        </Stack>
      )}
    </Shown>
  )
}

/** Console lines that arrived are many and are seen in the console. */
function worthShowing(operation: Operation): boolean {
  return operation.kind !== 'console.input' || operation.state !== 'succeeded'
}

function Cards({ title, items }: { title: string; items: readonly Operation[] }) {
  if (items.length === 0) return null
  return (
    <section aria-label={title}>
      <Title order={3} size="h6" mb="xs">
        {title}{' '}
        <Text span c="dimmed" inherit>
          {items.length}
        </Text>
      </Title>
      <Stack gap="xs">
        {items.map((operation) => (
          <OperationCard key={operation.id} operation={operation} />
        ))}
      </Stack>
    </section>
  )
}
