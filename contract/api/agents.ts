import * as z from 'zod'
import { endpoint } from '../endpoint.ts'
import { NodeId } from '../ids.ts'

/** How an agent gets in. The join token is the credential; it works once. */
export const agents = {
  enroll: endpoint({
    method: 'POST',
    path: '/api/agent/enroll',
    summary: "Exchange a join token and the agent's public key for a place as a node",
    tag: 'Agent',
    needs: 'public',
    body: z.object({
      token: z.string().min(1).max(200),
      /** Raw Ed25519 public key, 32 bytes in base64. */
      publicKey: z.base64().regex(/^[^=]{43}=$/, '32 bytes in base64.'),
      machineId: z.string().min(8).max(128),
    }),
    returns: z.object({ nodeId: NodeId, nodeName: z.string() }),
    status: 201,
  }),
}
