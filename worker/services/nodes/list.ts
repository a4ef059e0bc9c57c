import type { Node, nodes } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { Ctx } from '../context.ts'
import { readNode, readNodes } from './present.ts'

export async function listNodes({ db }: Ctx): Promise<Node[]> {
  return readNodes(db)
}

export async function getNode({ db }: Ctx, { nodeId }: Input<typeof nodes.get>): Promise<Node> {
  return readNode(db, nodeId)
}
