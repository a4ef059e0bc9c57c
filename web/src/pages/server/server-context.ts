import { useOutletContext } from 'react-router'
import type { ServerDetail } from '../../../../contract/api/servers.ts'
import type { LiveState } from './live-state.ts'
import type { ServerFeed } from './server-feed.ts'

export interface ServerPage {
  /** With what its node has told since the API answered. */
  readonly server: ServerDetail
  readonly live: LiveState
  readonly feed: ServerFeed
  /** Whether the console may be read now: with the right to it, and while no suspension is in the way. */
  readonly reads: boolean
}

/** What the server's frame gives to the tabs in it. */
export function useServerPage(): ServerPage {
  return useOutletContext<ServerPage>()
}
