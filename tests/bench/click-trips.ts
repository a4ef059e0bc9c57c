import { randomUUID } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { auth } from '../../contract/api/accounts.ts'
import { servers } from '../../contract/api/servers.ts'
import { idempotencyHeader } from '../../contract/endpoint.ts'
import { panelCaller } from '../../local/api.ts'
import { createApp } from '../../worker/app.ts'
import { hashToken } from '../../worker/crypto.ts'
import { sessions } from '../../worker/db/schema/accounts.ts'
import { type Deps, newToken } from '../../worker/services/context.ts'
import { createDatabase, type PrivateDatabase } from '../support/world-database.ts'
import { createObjects } from '../support/world-objects.ts'
import { rowsIn } from '../support/world-rows.ts'
import type { Figure } from './figures.ts'
import { workerOn } from './worker-here.ts'

const url = new URL('http://localhost')

/** What a click costs where libSQL is far away: how often it is asked, one question after the other. */
export async function clickTrips(): Promise<Figure> {
  const database = await createDatabase()
  try {
    const { click, look } = await panelOn(database)
    await click()
    const value = await tripsOf(click)
    return {
      name: 'click trips',
      what: 'requests to libSQL of one restart, with the key that the panel sends',
      value,
      unit: 'trips',
      reference: { what: 'one bare point read', value: await tripsOf(look) },
      limit: null,
    }
  } finally {
    await database.close()
  }
}

/** The Worker in this process, on a database of its own; its one node's object takes all that it is told. */
async function panelOn(database: PrivateDatabase) {
  const objects = createObjects()
  const depsOf = () => workerOn(database, objects)
  const deps = depsOf()
  const serverId = await aRunningServer(deps)
  const app = createApp(() => ({
    deps: depsOf(),
    operatorToken: null,
    assets: { fetch: async () => new Response() },
  }))
  const after = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} }
  const call = panelCaller(url, await aSession(deps), async (to, init) => {
    const headers = new Headers(init.headers)
    if (init.method === 'POST') headers.set(idempotencyHeader, randomUUID())
    return app.fetch(new Request(to, { ...init, headers }), {}, after)
  })
  return {
    click: () => call(servers.restart, { serverId }),
    look: () => call(auth.me, {}),
  }
}

async function aRunningServer(deps: Deps) {
  const rows = rowsIn(deps)
  const made = await rows.server({
    ownerId: (await rows.user()).id,
    templateId: (await rows.template()).id,
    nodeId: (await rows.node({ locationId: (await rows.location()).id })).id,
    state: 'running',
    wanted: 'running',
  })
  return made.id
}

async function aSession(deps: Deps): Promise<string> {
  const token = newToken(deps)
  const { id: userId } = await rowsIn(deps).user({
    role: 'administrator',
    email: 'admin@example.org',
  })
  const now = deps.clock.now()
  const times = { createdAt: now, expiresAt: now + 3_600_000 }
  await deps.db.insert(sessions).values({ tokenHash: hashToken(token), userId, ...times })
  return token
}

/** Counts what leaves this process; the Worker asks nobody but its database. */
async function tripsOf(work: () => Promise<unknown>): Promise<number> {
  let trips = 0
  const count = () => {
    trips += 1
  }
  subscribe('undici:request:create', count)
  try {
    await work()
  } finally {
    unsubscribe('undici:request:create', count)
  }
  return trips
}
