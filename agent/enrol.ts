import * as z from 'zod'
import { agents } from '../contract/api/agents.ts'
import { ErrorReply } from '../contract/errors.ts'
import type { Identity } from './identity.ts'

/** The panel refused the token, or could not be asked; the message says which. */
export class EnrolmentFailed extends Error {
  override name = 'EnrolmentFailed'
}

const Reply = z.object({ success: z.literal(true), data: agents.enroll.returns })

/** Longest wait for the panel's answer, in milliseconds. */
const answerWithin = 20_000

/**
 * Exchanges a join token for a place as a node [N1]. The key never leaves this machine.
 * @param panel the panel's address, like `https://panel.example`
 * @throws {EnrolmentFailed}
 */
export async function enrol(
  identity: Identity,
  panel: string,
  token: string,
): Promise<{ nodeName: string }> {
  const { machineId, publicKey } = identity
  const body = await post(new URL(agents.enroll.path, panel), { token, publicKey, machineId })
  const reply = Reply.safeParse(body)
  if (reply.success) {
    identity.enrolled(panel, reply.data.data.nodeId)
    return { nodeName: reply.data.data.nodeName }
  }
  const refusal = ErrorReply.safeParse(body)
  throw new EnrolmentFailed(
    refusal.success
      ? refusal.data.error
      : `${panel} did not answer like a Catalyst panel. Check its address.`,
  )
}

async function post(url: URL, body: unknown): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: agents.enroll.method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithin),
    })
    return await response.json()
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw new EnrolmentFailed(`The panel at ${url.origin} cannot be reached.`, { cause: error })
  }
}
