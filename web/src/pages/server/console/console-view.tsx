import { Button, Skeleton, Stack } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconArrowDown } from '@tabler/icons-react'
import { useRef } from 'react'
import type { Server } from '../../../../../contract/api/servers.ts'
import type { ConsoleLine } from '../../../../../contract/protocol/console.ts'
import { counted } from '../../../ui/amounts.ts'
import type { ServerFeed } from '../server-feed.ts'
import { shownOf } from './console-lines.ts'
import { ConsoleNotices } from './console-notices.tsx'
import { ConsoleToolbar } from './console-toolbar.tsx'
import classes from './console-view.module.css'
import { SpokenLog } from './spoken-log.tsx'
import { useLines } from './use-lines.ts'
import { useOlderLines } from './use-older-lines.ts'
import { useTerminal } from './use-terminal.ts'

const closed = 'The console is closed while the server is suspended.'

function olderPossible(
  server: Server,
  reads: boolean,
  lines: readonly ConsoleLine[],
  atBeginning: boolean,
): true | string {
  if (!reads) return closed
  const oldest = lines[0]?.seq ?? 1
  if (atBeginning || oldest <= 1) return 'These are all the lines that there are.'
  return server.nodeStatus !== 'offline' || 'Older lines are on the node, which is offline.'
}

interface ConsoleViewProps {
  readonly server: Server
  readonly feed: ServerFeed
  /** Whether it may be read now. What was read before stays on the page. */
  readonly reads: boolean
}

/** The console: what was printed, as it comes, and the ways to look back through it. */
export function ConsoleView({ server, feed, reads }: ConsoleViewProps) {
  const [withTime, setWithTime] = useLocalStorage({ key: 'console-times', defaultValue: false })
  const findField = useRef<HTMLInputElement>(null)
  const older = useOlderLines(server.id, feed)
  const lines = useLines(feed)
  const terminal = useTerminal(feed, {
    withTime,
    onTop: () => reads && older.onTop(),
    onGap: older.fill,
    onFind: () => findField.current?.focus(),
  })
  const { screen } = terminal
  return (
    <Stack gap="xs">
      <ConsoleToolbar
        server={server}
        feed={feed}
        findField={findField}
        hits={terminal.hits}
        olderPossible={olderPossible(server, reads, lines, older.atBeginning)}
        olderBusy={older.isLoading}
        onOlder={older.older}
        onFind={(text, where) => screen.current?.find(text, where)}
        selection={() => screen.current?.selection() ?? ''}
        withTime={withTime}
        onTimes={setWithTime}
      />
      {reads ? <ConsoleNotices older={older} lines={lines} server={server} /> : null}
      <div className={classes.frame}>
        {/* The terminal draws for the eye alone; the log below it holds the same for assistive tools. */}
        <div ref={terminal.element} className={classes.screen} />
        {lines.length === 0 && terminal.phase === 'shown' ? (
          <div className={classes.empty}>{reads ? 'Nothing has been printed yet.' : closed}</div>
        ) : null}
        {terminal.phase === 'loading' ? <Skeleton pos="absolute" inset={0} h="100%" /> : null}
        {terminal.phase === 'failed' ? (
          <div className={classes.empty}>
            The terminal could not be loaded. Load the page again.
          </div>
        ) : null}
        {terminal.following ? null : (
          <div className={classes.over}>
            <Button
              size="compact-sm"
              radius="xl"
              leftSection={<IconArrowDown size={14} />}
              onClick={() => screen.current?.follow()}
            >
              {terminal.waiting === 0 ? 'To the end' : counted(terminal.waiting, 'new line')}
            </Button>
          </div>
        )}
      </div>
      <SpokenLog shown={shownOf(lines.slice(-50), null)} />
    </Stack>
  )
}
