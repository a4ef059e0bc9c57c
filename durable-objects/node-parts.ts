import type { NodeId } from '../contract/ids.ts'
import type { AgentSockets } from './agent-sockets.ts'
import type { BrowserSockets } from './browser-sockets.ts'
import type { Calls } from './calls.ts'
import type { Courier } from './courier.ts'
import type { Puller } from './puller.ts'
import type { Timers } from './settings.ts'
import type { Stores } from './storage/stores.ts'

/** What a node's object is put together from. */
export interface NodeParts {
  readonly nodeId: NodeId
  readonly timers: Timers
  readonly stores: Stores
  readonly agents: AgentSockets
  readonly browsers: BrowserSockets
  readonly calls: Calls
  readonly courier: Courier
  readonly puller: Puller
}
