import type { Operation } from '../../../contract/api/operations.ts'
import { CommandFailure } from '../../../contract/protocol/commands.ts'
import { ServerProblem } from '../../../contract/protocol/spec.ts'

const advice = {
  unsupported: 'The agent on this node is too old for it. Update the agent.',
  node_policy:
    "The node's policy file forbids it. Its owner can change the file, or pick another node.",
  poison: 'It took the agent down three times, so it is not tried again. Read its log first.',
  undeliverable: 'The node never took it. Check the connection between node and panel.',
  wrong_state: 'The server had changed meanwhile. Look at its state and try again.',
  suspended: 'The server is suspended. An administrator can lift that.',
  image_missing:
    'The image is not on the node and could not be pulled. Check its name in the template.',
  script_failed:
    'The install script ended with an error: its log tells where. Fix it, then install again.',
  timed_out: 'It took longer than it may. See the log for what it was doing.',
  engine_down: 'Docker on the node does not answer. Start it, then try again.',
  disk_full: 'The disk of the node or of the server is full. Make room, then try again.',
  config_file:
    'A configuration file could not be brought into line: the message names it. Correct or delete it, then start again.',
  agent_restarted:
    'The agent was restarted in between. Look at the server, then try again if needed.',
  internal: "Something went wrong on the node. The agent's log tells more.",
  port_in_use:
    'Another program on the node uses the port. Stop it or give the server another port.',
  start_failed: 'The engine refused to start the container. Its own words are shown.',
  not_installed: 'Install the server first.',
} as const satisfies Record<CommandFailure | ServerProblem['code'], string>

/** What to do about an operation that did not succeed; null where nothing is to be said. */
export function adviceOn({ state, code }: Pick<Operation, 'state' | 'code'>): string | null {
  switch (state) {
    case 'failed':
      return adviceFor(code)
    case 'indeterminate':
      return 'Nobody can tell whether it happened: the agent was cut off meanwhile. Look before you do it again.'
    case 'expired':
      return 'Its node did not return in time, so it was not done.'
    default:
      return null
  }
}

/** What to do about a failure of a node; null when its code is not one we know. */
export function adviceFor(code: string | null): string | null {
  const known = CommandFailure.or(ServerProblem.shape.code).safeParse(code)
  return known.success ? advice[known.data] : null
}
