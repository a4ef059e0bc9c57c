import type { AuditAction } from '../../contract/audit-actions.ts'
import type { ApiKeyId } from '../../contract/ids.ts'
import type { Queries } from '../db/client.ts'
import { auditLog } from '../db/schema/activity.ts'
import { type Caller, type Ctx, newId } from './context.ts'
import { claimKey } from './idempotency.ts'

export interface AuditFact {
  readonly action: AuditAction
  readonly target: {
    readonly type:
      | 'user'
      | 'location'
      | 'node'
      | 'template'
      | 'server'
      | 'operation'
      | 'role'
      | 'api_key'
      | 'oidc_provider'
    readonly id: string
  } | null
  /** What changed, from and to. Never a secret: variables of servers and tokens stay out. */
  readonly before?: unknown
  readonly after?: unknown
  /** Who did it, where that is not the caller. */
  readonly actor?: { readonly kind: 'user' | 'agent'; readonly id: string; readonly name: string }
}

/**
 * Writes what is being done into the transaction that does it: neither happens without the other.
 * @throws `idempotency_in_progress` when another request with the same key is doing it
 */
export async function audit(tx: Queries, ctx: Ctx, fact: AuditFact): Promise<void> {
  await claimKey(tx, ctx, { target: fact.target })
  const actor = fact.actor ?? auditActor(ctx)
  await tx.insert(auditLog).values({
    id: newId(ctx),
    at: ctx.clock.now(),
    action: fact.action,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    apiKeyId: fact.actor === undefined ? keyOf(ctx.caller) : null,
    ip: ctx.request.ip,
    requestId: ctx.request.id,
    targetType: fact.target?.type ?? null,
    targetId: fact.target?.id ?? null,
    before: fact.before ?? null,
    after: fact.after ?? null,
  })
}

function auditActor({ caller }: Ctx) {
  switch (caller.kind) {
    case 'user':
      return { kind: 'user', id: caller.id, name: caller.name } as const
    case 'operator':
    case 'watchdog':
      return { kind: 'system', id: null, name: caller.kind } as const
    case 'anonymous':
      return { kind: 'anonymous', id: null, name: 'anonymous' } as const
  }
}

function keyOf(caller: Caller): ApiKeyId | null {
  return caller.kind === 'user' ? (caller.key?.id ?? null) : null
}
