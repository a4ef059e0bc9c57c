import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of this machine that nobody listens on; another program may take it meanwhile. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '0.0.0.0')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (typeof address !== 'object' || address === null) throw new Error('no port was given')
  return address.port
}
