import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { servers } from '../../../../../contract/api/servers.ts'
import type { ServerId } from '../../../../../contract/ids.ts'
import { call } from '../../../api/client.ts'
import { toast } from '../../../ui/toast.ts'
import type { ServerFeed } from '../server-feed.ts'
import type { Gap } from './console-lines.ts'

const linesAtOnce = 500
const linesAtMost = 1000

/** Brings in lines that are not here yet: older ones, and those of a gap. */
export function useOlderLines(serverId: ServerId, feed: ServerFeed) {
  const [atBeginning, setAtBeginning] = useState(false)
  const ask = useMutation({
    mutationFn: (asked: { before: number; lines: number }) =>
      call(servers.logs, { serverId, ...asked }),
    onSuccess: ({ logs }) => feed.take(logs),
  })
  const before = () => feed.getLines()[0]?.seq ?? 1
  const older = () => {
    if (ask.isPending || atBeginning) return
    if (before() <= 1) return setAtBeginning(true)
    ask.mutate(
      { before: before(), lines: linesAtOnce },
      { onSuccess: ({ logs }) => setAtBeginning(logs.length === 0) },
    )
  }
  const fill = (gap: Gap) => {
    if (ask.isPending) return
    const known = feed.getLines()
    const lines = Math.min(linesAtMost, Math.max(1, gap.count ?? linesAtMost))
    ask.mutate(
      { before: gap.before, lines },
      { onSuccess: () => feed.getLines() === known && tellLost() },
    )
  }
  return {
    older,
    fill,
    atBeginning,
    isLoading: ask.isPending,
    error: ask.error,
    /** Reaching the top asks by itself once, not again and again after a failure. */
    onTop: () => ask.error === null && older(),
  }
}

function tellLost(): void {
  toast({ message: 'The node does not have these lines any more.', color: 'yellow' })
}
