import { hostname } from 'node:os'
import { setup } from '../contract/api/accounts.ts'
import { nodes } from '../contract/api/nodes.ts'
import { templates } from '../contract/api/templates.ts'
import type { CallInput } from '../contract/endpoint.ts'
import { type PanelCall, Refused } from './api.ts'

export interface Admin {
  readonly email: string
  readonly password: string
}

/**
 * Sees that there is a first administrator, or a way to make one.
 * @returns the one-time link; null when an administrator exists
 */
export async function firstAdmin(
  call: PanelCall,
  url: URL,
  admin: Admin | null,
): Promise<URL | null> {
  const { needed } = await call(setup.state, {})
  if (!needed) return null
  const { token } = await call(setup.makeLink, {})
  if (admin === null) return new URL(`/setup#token=${token}`, url)
  await call(setup.finish, { token, ...admin, name: admin.email.split('@')[0] ?? admin.email })
  return null
}

/**
 * The node that stands for this machine, made when there is none yet, and a join token for its agent.
 * @param nodeId the node that the agent's data directory belongs to; null: it has joined none
 * @returns null when the agent needs no token
 */
export async function joinToken(call: PanelCall, nodeId: string | null): Promise<string | null> {
  const known = await call(nodes.list, {})
  const own = known.find((node) => node.id === nodeId)
  if (own?.enrolled) return null
  const node =
    own ??
    (await freshNode(
      call,
      known.map(({ name }) => name),
    ))
  const { token } = await call(nodes.makeJoinToken, { nodeId: node.id })
  return token
}

async function freshNode(call: PanelCall, taken: readonly string[]) {
  const base = hostname().slice(0, 90) || 'this-machine'
  const names = [base, ...Array.from({ length: 100 }, (_none, at) => `${base}-${at + 2}`)]
  const name = names.find((candidate) => !taken.includes(candidate)) ?? base
  return call(nodes.create, {
    name,
    description: 'The machine that the panel runs on',
    publicAddress: '127.0.0.1',
  })
}

/** Adds the demo's template; one of that name stays as it is. */
export async function demoTemplate(
  call: PanelCall,
  template: CallInput<typeof templates.create>,
): Promise<void> {
  try {
    await call(templates.create, template)
  } catch (error) {
    if (!(error instanceof Refused && error.code === 'name_taken')) throw error
  }
}
