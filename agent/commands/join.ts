import type { Config } from '../config.ts'
import { enrol } from '../enrol.ts'
import { type Identity, openIdentity } from '../identity.ts'
import { lockDirectory } from '../lock.ts'
import type { Log } from '../log.ts'

/** `join`: exchanges a token for a place as a node, also where there was one before. */
export async function joinCommand(config: Config, log: Log): Promise<number> {
  const unlock = lockDirectory(config.dataDir)
  try {
    const identity = openIdentity(config.dataDir)
    await join(config, identity, log)
    return 0
  } finally {
    unlock()
  }
}

/** @throws when there is no token, no panel, or the panel refuses */
export async function join(config: Config, identity: Identity, log: Log): Promise<void> {
  const panel = config.panel ?? identity.panel
  if (panel === null) throw new Error('Say where the panel is: --panel https://panel.example')
  if (config.token === null) {
    throw new Error('This machine is no node yet: give --token, from Admin > Nodes in the panel.')
  }
  const { nodeName } = await enrol(identity, panel, config.token)
  log.info('joined', { node: nodeName, panel })
}
