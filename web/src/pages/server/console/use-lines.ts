import { useThrottledCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { ConsoleLine } from '../../../../../contract/protocol/console.ts'
import type { ServerFeed } from '../server-feed.ts'

/** The lines of a feed for what is drawn by React: twice a second is enough there. */
export function useLines(feed: ServerFeed): readonly ConsoleLine[] {
  const [lines, setLines] = useState(feed.getLines)
  const read = useThrottledCallback(() => setLines(feed.getLines()), 500)
  useEffect(() => {
    setLines(feed.getLines())
    return feed.subscribeLines(read)
  }, [feed, read])
  return lines
}
