import type { ApiKeyId, RoleId, ServerId, UserId } from '../../contract/ids.ts'
import { uuidv7 } from '../../contract/ids.ts'
import type { BuiltinRole, Permission } from '../../contract/permissions.ts'
import type { Actor } from '../../contract/rpc.ts'
import { tokenFrom } from '../crypto.ts'
import type { Database } from '../db/client.ts'
import type { SecretBox } from '../secret-box.ts'
import type { Bell } from './events/bell.ts'
import type { Log } from './log.ts'
import type { Postbox } from './mail/postbox.ts'
import type { NodeGateway } from './node-gateway.ts'
import type { OidcGate } from './oidc/gate.ts'
import type { DocumentGate } from './templates/document-gate.ts'
import type { Throttle } from './throttle/throttle.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

export interface Rng {
  bytes(count: number): Uint8Array
}

/** What whoever runs the panel has decided for all of it. */
export interface PanelPolicy {
  /** Whether a suspended server may be deleted by whoever may not suspend servers. */
  readonly deleteWhileSuspended: 'block' | 'allow'
  /** Days for which the audit log is kept. */
  readonly auditKeptDays: number
  /** Sub-users of one server, those who are invited included. */
  readonly subUsersPerServer: number
  /** Requests a minute that an API key may make. */
  readonly apiRequestsPerMinute: number
  readonly apiKeysPerAccount: number
}

/** What services need of the world. */
export interface Deps {
  readonly db: Database
  readonly nodes: NodeGateway
  readonly bell: Bell
  readonly throttle: Throttle
  readonly mail: Postbox
  readonly oidc: OidcGate
  readonly documents: DocumentGate
  readonly clock: Clock
  readonly rng: Rng
  readonly log: Log
  readonly secrets: SecretBox
  readonly policy: PanelPolicy
}

/** What an API key leaves of its owner's rights. */
export interface KeyScope {
  readonly id: ApiKeyId
  readonly permissions: readonly Permission[]
  /** The only servers that it opens, and nothing of the panel; null: all that its owner may. */
  readonly serverIds: readonly ServerId[] | null
}

export interface HeldRole {
  readonly id: RoleId
  readonly name: string
  readonly builtin: BuiltinRole | null
}

/** An account that calls, with all that its rights are made of. */
export interface Person {
  readonly kind: 'user'
  readonly id: UserId
  readonly email: string
  readonly name: string
  readonly createdAt: number
  readonly roles: readonly HeldRole[]
  /** What its roles give it on the whole panel, and on every server. */
  readonly permissions: readonly Permission[]
  /** What others' servers are shared with it for. */
  readonly grants: ReadonlyMap<ServerId, readonly Permission[]>
  /** Null: it came with a session, and has all of its rights. */
  readonly key: KeyScope | null
  readonly hasTwoFactor: boolean
  /** A role of its asks for a second factor, and it has none yet. */
  readonly mustSetUpTwoFactor: boolean
  /** Of the session or key that the request came with. */
  readonly tokenHash: string
  /** When that session or key ends by itself, milliseconds since 1970; null: it does not. */
  readonly endsAt: number | null
}

/** Who calls. `operator` is a script that holds the panel's own token; `watchdog` is the panel itself. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'operator' | 'watchdog'; readonly permissions: readonly Permission[] }
  | Person

/** Facts of the request that are not its input. */
export interface RequestFacts {
  readonly id: string
  readonly ip: string | null
  readonly userAgent: string | null
  /** Where the caller reaches the panel: `https://panel.example`. */
  readonly origin: string
}

/** A request that is to change something at most once, however often it is sent. */
export interface NamedRequest {
  /** Keys are apart for each caller. */
  readonly caller: string
  readonly keyHash: string
  /** Tells whether another request with the key asks for the same. */
  readonly fingerprint: string
}

/** The caller's session cookie, where the caller is a browser. */
export interface SessionCookie {
  /** @param expiresAt milliseconds since 1970; null: until the browser is closed */
  set(token: string, expiresAt: number | null): void
  clear(): void
}

/** What binds a sign-in that leaves the panel to the browser that it began in. */
export interface BrowserMark {
  /** Null: the browser has none, or one that is not of the panel's making. */
  read(): string | null
  /** @param expiresAt milliseconds since 1970 */
  set(mark: string, expiresAt: number): void
}

export interface Ctx extends Deps {
  readonly caller: Caller
  readonly request: RequestFacts
  readonly cookie: SessionCookie
  readonly browserMark: BrowserMark
  /** Does something for which the answer does not wait. A failure is logged. */
  besideAnswer(work: () => Promise<void>): void
  /** The name of this request, where its caller gave one: see `idempotency.ts`. */
  readonly once: NamedRequest | null
}

/**
 * A new id that sorts by age. Which kind of id it is, the place it is written to says: brands exist for
 * the compiler alone.
 */
export function newId<Id extends string>({ clock, rng }: Pick<Deps, 'clock' | 'rng'>): Id {
  return uuidv7(clock.now(), rng.bytes(10)) as Id
}

/** A new secret of 256 bits. */
export function newToken({ rng }: Pick<Deps, 'rng'>): string {
  return tokenFrom(rng.bytes(32))
}

/** The caller as operations and objects keep it. */
export function actorOf({ caller }: Pick<Ctx, 'caller'>): Actor {
  switch (caller.kind) {
    case 'user':
      return { kind: 'user', id: caller.id, name: caller.name }
    case 'operator':
    case 'watchdog':
    case 'anonymous':
      return { kind: 'system', id: null, name: caller.kind }
  }
}

/** What the panel does by itself, when nobody has asked. @param permissions what that asks for */
export function watchdogCtx(deps: Deps, permissions: readonly Permission[] = []): Ctx {
  return {
    ...deps,
    caller: { kind: 'watchdog', permissions },
    request: { id: newId(deps), ip: null, userAgent: null, origin: '' },
    cookie: { set: () => undefined, clear: () => undefined },
    browserMark: { read: () => null, set: () => undefined },
    besideAnswer: () => {
      throw new Error('the watchdog answers nobody')
    },
    once: null,
  }
}
