import { useMediaQuery } from '@mantine/hooks'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import type { Server } from '../../../../contract/api/servers.ts'
import type { ServerId } from '../../../../contract/ids.ts'
import { ServerRow } from './server-row.tsx'
import classes from './server-rows.module.css'

interface ServerRowsProps {
  readonly servers: readonly Server[]
  readonly selected: ReadonlySet<ServerId>
  readonly onToggle: (id: ServerId) => void
}

/** Only the rows in sight are in the document, so that a thousand scroll as smoothly as ten. */
export function ServerRows({ servers, selected, onToggle }: ServerRowsProps) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const narrow = useMediaQuery('(max-width: 62em)')
  const rows = useWindowVirtualizer({
    count: servers.length,
    estimateSize: () => (narrow ? 168 : 61),
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => servers[index]?.id ?? index,
  })
  return (
    <div>
      <div className={classes.head} aria-hidden>
        <span>State</span>
        <span>Server</span>
        <span>Address</span>
        <span>Node</span>
        <span>Limits</span>
        <span>Power</span>
      </div>
      <ul ref={list} className={classes.list} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const server = servers[item.index]
          return server === undefined ? null : (
            <li
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              aria-setsize={servers.length}
              aria-posinset={item.index + 1}
              className={classes.item}
              style={{ transform: `translateY(${item.start - rows.options.scrollMargin}px)` }}
            >
              <ServerRow server={server} selected={selected.has(server.id)} onToggle={onToggle} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}
