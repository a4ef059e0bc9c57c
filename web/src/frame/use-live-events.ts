import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { operations } from '../../../contract/api/operations.ts'
import { servers } from '../../../contract/api/servers.ts'
import { applyEvent, laterRefresh } from '../api/apply-event.ts'
import { openEventStream } from '../api/event-stream.ts'
import { setLive } from '../api/pace.ts'

/** Keeps what is shown up to date by the panel's stream of changes, on every page. */
export function useLiveEvents(): void {
  const client = useQueryClient()
  useEffect(() => {
    const refreshSoon = laterRefresh(client)
    let wasLive = false
    let isFirst = true
    return openEventStream({
      onEvent: (event) => refreshSoon(applyEvent(client, event)),
      onLive: (live) => {
        setLive(live)
        if (live && isFirst) {
          // What changed between the page's first answers and the stream's beginning.
          isFirst = false
          refreshSoon([operations.list, servers.list, servers.get])
        }
        // Whoever waited for news has to ask again from now on.
        if (wasLive && !live && !document.hidden) void client.invalidateQueries()
        wasLive = live
      },
    })
  }, [client])
}
