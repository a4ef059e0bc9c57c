import { createHash } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import type { LocationId, NodeId, TemplateId, UserId } from '../../contract/ids.ts'
import { createApp } from '../../worker/app.ts'
import { hashToken } from '../../worker/crypto.ts'
import { sessions } from '../../worker/db/schema/accounts.ts'
import { createSecretBox } from '../../worker/secret-box.ts'
import { type Deps, newToken, type PanelPolicy } from '../../worker/services/context.ts'
import type { Bell } from '../../worker/services/events/bell.ts'
import type { Log } from '../../worker/services/log.ts'
import { createPostbox } from '../../worker/services/mail/postbox.ts'
import { createNodeGateway } from '../../worker/services/node-gateway.ts'
import type { OidcGate } from '../../worker/services/oidc/gate.ts'
import { createThrottle } from '../../worker/services/throttle/throttle.ts'
import { type Client, clientOf, type Send } from './world-client.ts'
import { createDatabase } from './world-database.ts'
import { createDocuments } from './world-documents.ts'
import { createMailServers } from './world-mail.ts'
import { createObjects } from './world-objects.ts'
import { createProviders } from './world-oidc.ts'
import { type NodeChange, rowsIn, type ServerChange, type UserChange } from './world-rows.ts'
import { createThrottleObjects } from './world-throttle.ts'

export const operatorToken = 'the-operator-token-of-this-world-0001'
/** Where this world's panel is reached. */
export const origin = 'http://localhost'

export type World = Awaited<ReturnType<typeof createWorld>>

/** A whole Worker of one test: its own database, clock and chance, and doubles for objects alone. */
interface WorldOptions extends Partial<PanelPolicy> {
  readonly seed?: string
  /** Speaks with real providers. */
  readonly oidc?: OidcGate
}

export async function createWorld(options: WorldOptions = {}) {
  const database = await createDatabase()
  const objects = createObjects()
  const mail = createMailServers()
  const oidc = createProviders()
  const documents = createDocuments()
  const later = workAfterAnswers()
  onTestFinished(async () => {
    await later.done()
    await database.close()
    expect([...objects.misuse, ...mail.misuse, ...oidc.misuse]).toEqual([])
  })
  const clock = manualClock()
  const throttle = createThrottleObjects(clock)
  const logged: string[] = []
  const log = recordingLog(logged)
  const makeDeps = (): Deps => ({
    db: database.open(),
    nodes: createNodeGateway(objects.namespace, log),
    bell,
    throttle: createThrottle(throttle.namespace, log),
    mail: createPostbox(mail.carrier),
    oidc: options.oidc ?? oidc.gate,
    documents: documents.gate,
    clock,
    rng,
    log,
    secrets: createSecretBox([['world', new Uint8Array(32).fill(7)]], rng),
    policy: {
      deleteWhileSuspended: options.deleteWhileSuspended ?? 'block',
      auditKeptDays: options.auditKeptDays ?? 365,
      subUsersPerServer: options.subUsersPerServer ?? 50,
      apiRequestsPerMinute: options.apiRequestsPerMinute ?? 240,
      apiKeysPerAccount: options.apiKeysPerAccount ?? 50,
    },
  })
  const bell = bellOf()
  const rng = seededRng(options.seed ?? 'world')
  const deps = makeDeps()
  const files = new Map<string, string>()
  const app = createApp(() => ({ deps: makeDeps(), operatorToken, assets: assetsOf(files) }))
  const answer = async (request: Request) => app.fetch(request, {}, later.context)
  const send: Send = (path, init) => answer(new Request(`${origin}${path}`, init))
  const rows = rowsIn(deps)
  const sign = async (userId: UserId): Promise<Client & { readonly token: string }> => {
    const token = newToken(deps)
    const now = clock.now()
    const expiresAt = now + 3_600_000
    const row = { tokenHash: hashToken(token), userId, createdAt: now, expiresAt }
    await deps.db.insert(sessions).values(row)
    return { token, ...clientOf(send, { authorization: `Bearer ${token}` }) }
  }
  const person = async (change: UserChange) => {
    const row = await rows.user(change)
    return { ...row, ...(await sign(row.id)) }
  }
  const make = fixtures(rows)
  return {
    answer,
    deps,
    clock,
    logged,
    files,
    send,
    database,
    rows,
    node: objects.of,
    throttle,
    mail,
    oidc,
    documents,
    /** Waits for what goes on after answers. */
    settled: later.done,
    operator: clientOf(send, { authorization: `Bearer ${operatorToken}` }),
    anonymous: clientOf(send, {}),
    /** Signs a new account in; its rights are its role's. */
    admin: (change: UserChange = {}) => person({ role: 'administrator', ...change }),
    user: (change: UserChange = {}) => person({ role: 'user', ...change }),
    ...make,
  }
}

/** Work after an answer keeps nobody waiting, as on the platform; whoever wants can. */
function workAfterAnswers() {
  const begun: Promise<unknown>[] = []
  const waitUntil = (work: Promise<unknown>) => {
    begun.push(work)
  }
  return {
    context: { waitUntil, passThroughOnException: () => undefined, props: {} },
    done: async () => {
      while (begun.length > 0) await begun.shift()
    },
  }
}

/** A bell within one process. */
function bellOf(): Bell {
  const listeners = new Set<() => void>()
  return {
    ring: async () => {
      for (const heard of listeners) heard()
    },
    listen: async (heard) => {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
  }
}

/** Rows with everything below them, made as needed. */
function fixtures(rows: ReturnType<typeof rowsIn>) {
  const addNode = async (change: NodeChange & { locationId?: LocationId } = {}) =>
    rows.node({ ...change, locationId: change.locationId ?? (await rows.location()).id })
  const addServer = async (
    change: ServerChange & { ownerId?: UserId; templateId?: TemplateId; nodeId?: NodeId } = {},
  ) =>
    rows.server({
      ...change,
      ownerId: change.ownerId ?? (await rows.user()).id,
      templateId: change.templateId ?? (await rows.template()).id,
      nodeId: change.nodeId ?? (await addNode()).id,
    })
  return { addNode, addServer, addTemplate: rows.template }
}

function manualClock() {
  let now = Date.parse('2026-11-24T12:00:00Z')
  return {
    now: () => now,
    advance: (ms: number) => {
      now += ms
    },
  }
}

/** Chance that is the same in each run. */
function seededRng(seed: string) {
  let drawn = 0
  return {
    bytes: (count: number) => {
      drawn += 1
      const block = createHash('shake256', { outputLength: count })
      return new Uint8Array(block.update(`${seed} ${drawn}`).digest())
    },
  }
}

function recordingLog(lines: string[]): Log {
  const write = (event: string, fields: object) => {
    lines.push(JSON.stringify({ event, ...fields }))
  }
  return { info: write, error: write }
}

/** The built panel's files; any other path is the panel's page, as on the platform. */
function assetsOf(files: ReadonlyMap<string, string>) {
  return {
    fetch: async (request: Request) => {
      const file = files.get(new URL(request.url).pathname)
      const headers = { 'content-type': file === undefined ? 'text/html' : 'text/plain' }
      return new Response(file ?? '<!doctype html>', { headers })
    },
  }
}
