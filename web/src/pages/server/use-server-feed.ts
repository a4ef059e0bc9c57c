import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { operations } from '../../../../contract/api/operations.ts'
import type { ServerId } from '../../../../contract/ids.ts'
import { refresh } from '../../api/queries.ts'
import { ServerFeed } from './server-feed.ts'

/** The live feed of one server, open as long as its page is shown to somebody who may read its console. */
export function useServerFeed(serverId: ServerId, reads: boolean): ServerFeed {
  const client = useQueryClient()
  const feed = useMemo(() => {
    let asked = 0
    return new ServerFeed(serverId, ({ state }) => {
      // Progress comes twice a second per command; an end is always worth asking for.
      if (state === 'running' && Date.now() - asked < 1000) return
      asked = Date.now()
      void refresh(client, operations.get, operations.list, operations.listOfServer)
    })
  }, [serverId, client])
  useEffect(() => (reads ? feed.open() : undefined), [feed, reads])
  return feed
}

export function useLiveState(feed: ServerFeed) {
  return useSyncExternalStore(feed.subscribe, feed.getState)
}
