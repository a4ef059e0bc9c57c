import { Button, Text } from '@mantine/core'
import { IconActivity, IconLoader2 } from '@tabler/icons-react'
import { useOpenOperations } from '../api/queries.ts'
import { counted } from '../ui/amounts.ts'
import classes from './operations-button.module.css'
import { useDrawer } from './use-drawer.ts'

/** Opens the drawer and says how many operations are under way. */
export function OperationsButton() {
  const drawer = useDrawer()
  const open = useOpenOperations().data?.pagination.total ?? 0
  return (
    <Button
      variant={open > 0 ? 'light' : 'default'}
      size="sm"
      px="sm"
      classNames={{ section: classes.icon }}
      onClick={() => drawer.open()}
      leftSection={
        open > 0 ? (
          <IconLoader2 size={18} className="turning" aria-hidden />
        ) : (
          <IconActivity size={18} aria-hidden />
        )
      }
      aria-haspopup="dialog"
      aria-label={`Operations, ${open === 0 ? 'none' : counted(open, 'one', 'of them')} under way`}
    >
      <Text span visibleFrom="xs" inherit>
        Operations
      </Text>
      {open > 0 ? <span>&nbsp;{open}</span> : null}
    </Button>
  )
}
