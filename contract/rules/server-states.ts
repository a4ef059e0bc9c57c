import * as z from 'zod'

/** What a node observes of a server. `removed` is the last word: container and data are gone. */
export const ServerState = z
  .enum([
    'not_installed',
    'installing',
    'install_failed',
    'stopped',
    'starting',
    'running',
    'stopping',
    'crashed',
    'restoring',
    'transferring',
    'removed',
  ])
  .meta({ id: 'ServerState' })
export type ServerState = z.infer<typeof ServerState>

/** What the API shows as `status`: the observed state, or what stands above it. */
export const ServerStatus = z
  .enum([...ServerState.options, 'suspended', 'deleting'])
  .meta({ id: 'ServerStatus' })
export type ServerStatus = z.infer<typeof ServerStatus>

/** Which observed states may follow which. A report outside this table is a fault of the agent. */
export const nextStates: Readonly<Record<ServerState, readonly ServerState[]>> = {
  not_installed: ['installing', 'stopped', 'removed'],
  installing: ['install_failed', 'stopped', 'not_installed', 'removed'],
  install_failed: ['installing', 'stopped', 'removed'],
  stopped: ['starting', 'installing', 'restoring', 'transferring', 'removed'],
  starting: ['running', 'stopping', 'stopped', 'crashed', 'removed'],
  running: ['stopping', 'stopped', 'crashed', 'starting', 'removed'],
  stopping: ['stopped', 'crashed', 'starting', 'removed'],
  crashed: ['starting', 'installing', 'restoring', 'transferring', 'stopped', 'removed'],
  restoring: ['stopped', 'install_failed', 'removed'],
  transferring: ['stopped', 'removed'],
  removed: [],
}

export interface ActedOn {
  readonly state: ServerState
  /** What was last asked for; a queued start may be stopped before it happens. */
  readonly wanted: 'running' | 'stopped'
  readonly deleting: boolean
}

type Check = (server: ActedOn) => true | string

function whenIn(verb: string, states: readonly ServerState[], orWanted?: 'running'): Check {
  return ({ state, wanted, deleting }) => {
    if (deleting) return 'The server is being deleted.'
    if (states.includes(state) || (orWanted !== undefined && wanted === orWanted)) return true
    return `It is ${inWords(state)}: ${verb} works when it is ${listed(states)}.`
  }
}

/** States whose names do not read well after "it is". */
const spoken: Partial<Readonly<Record<ServerState, string>>> = {
  install_failed: 'not fully installed',
  restoring: 'being restored',
  transferring: 'being transferred',
}

function inWords(state: ServerState): string {
  return spoken[state] ?? state.replaceAll('_', ' ')
}

function listed(states: readonly ServerState[]): string {
  const names = states.map(inWords)
  const last = names.at(-1) ?? ''
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${last}` : last
}

/** What may be done to a server now: `true`, or the reason why not. Panel, API and object all ask this. */
export const serverCan = {
  start: whenIn('starting', ['stopped', 'crashed']),
  stop: whenIn('stopping', ['starting', 'running'], 'running'),
  restart: whenIn('restarting', ['stopped', 'crashed', 'starting', 'running']),
  kill: whenIn('killing', ['starting', 'running', 'stopping'], 'running'),
  install: whenIn('installing', ['not_installed', 'install_failed', 'stopped', 'crashed']),
  command: whenIn('a console command', ['starting', 'running', 'stopping']),
} as const satisfies Record<string, Check>

export type ServerAction = keyof typeof serverCan
