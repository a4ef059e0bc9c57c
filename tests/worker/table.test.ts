import { count } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { allEndpoints, api, type NamedEndpoint } from '../../contract/api/index.ts'
import { permissions } from '../../contract/permissions.ts'
import { auditLog } from '../../worker/db/schema/activity.ts'
import { templates } from '../../worker/db/schema/servers.ts'
import { createWorld } from '../support/world.ts'
import { validInputs } from '../support/world-inputs.ts'

/** All that a stranger may call. Whatever is added here is open to the whole internet. */
const openToAll = [
  'panel.health',
  'setup.state',
  'setup.finish',
  'auth.login',
  'twoFactor.secondStep',
  'passkeys.beginSignIn',
  'passkeys.signIn',
  'agents.enroll',
  'invites.preview',
  'invites.register',
  'accountLinks.previewInvite',
  'accountLinks.acceptInvite',
  'accountLinks.askPasswordReset',
  'accountLinks.finishPasswordReset',
  'accountLinks.useLoginLink',
  'oidc.providers',
  'oidc.begin',
  'oidc.finish',
] as const

/** What does more than one thing at once. */
const entriesOf: Readonly<Record<string, number>> = {
  'invites.register': 3,
  'accountLinks.acceptInvite': 2, // and signs in
}

const nobody = '01900000-0000-7000-8000-00000000dead'
const closed = allEndpoints().filter(({ endpoint }) => endpoint.needs !== 'public')

function inputsOf(inputs: ReturnType<typeof validInputs>, { name }: NamedEndpoint) {
  const make: (() => Promise<object>) | undefined = Object.entries(inputs).find(
    ([key]) => key === name,
  )?.[1]
  if (make === undefined) throw new Error(`${name} has no valid input in world-inputs.ts`)
  return make() as Promise<never> // the endpoint it belongs to is known by name only
}

function rightOn({ endpoint }: NamedEndpoint) {
  const { needs } = endpoint
  if (needs === 'public' || needs === 'signed_in' || needs === 'account') return null
  return { needs, ...permissions[needs] }
}

describe('every endpoint', () => {
  test('is mounted: none of the table is unknown to the router', async () => {
    const w = await createWorld()
    const document = await (await w.send('/api/openapi.json')).json()
    const mounted = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
    )

    const table = allEndpoints().map(
      ({ endpoint }) => `${endpoint.method} ${endpoint.path.replaceAll(/:(\w+)/g, '{$1}')}`,
    )
    expect(mounted.sort()).toEqual(
      [...table, 'GET /api/events', 'GET /api/admin/audit-logs/export'].sort(),
    )
  })

  test('is closed to strangers, but for a list that is written down', async () => {
    const open = allEndpoints().filter(({ endpoint }) => endpoint.needs === 'public')

    expect(open.map(({ name }) => name).sort()).toEqual([...openToAll].sort())
  })

  test('refuses who has not signed in before it looks at anything else', async () => {
    const w = await createWorld()
    for (const { name, endpoint } of closed) {
      const path = endpoint.path.replaceAll(/:\w+/g, 'nonsense')
      const { method } = endpoint
      const body = method === 'GET' ? null : '{'

      const response = await w.anonymous.send(path, { method, body })

      expect(response.status, name).toBe(401)
      expect(await response.json(), name).toMatchObject({ code: 'unauthenticated' })
    }
  })

  test('refuses an account without the right to it', async () => {
    const w = await createWorld()
    const inputs = validInputs(w, (await w.user()).id)
    const stranger = await w.user()
    for (const named of closed) {
      const right = rightOn(named)
      const isOperation = 'operationId' in named.endpoint.params.shape
      if (right === null && !isOperation) continue

      const failure = await stranger.fails(named.endpoint, await inputsOf(inputs, named))

      const expected = right?.scope === 'panel' ? 'forbidden' : 'not_found'
      expect(failure.code, named.name).toBe(expected)
    }
  })

  test('does not find what does not exist', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const inputs = validInputs(w, admin.id)
    for (const named of allEndpoints()) {
      const [parameter] = Object.keys(named.endpoint.params.shape)
      if (parameter === undefined) continue
      const input: object = await inputsOf(inputs, named)

      const failure = await admin.fails(named.endpoint, { ...input, [parameter]: nobody } as never)

      expect(failure.code, named.name).toBe('not_found')
    }
  })

  test('answers its owner, or an administrator, as the contract says', {
    timeout: 60_000,
  }, async () => {
    for (const named of closed) {
      if (named.name === 'setup.makeLink') continue // needs a panel without accounts
      const w = await createWorld()
      const caller = rightOn(named)?.scope === 'server' ? await w.user() : await w.admin()
      const inputs = validInputs(w, caller.id)

      const call = named.endpoint.paged ? caller.page : caller.call
      await call(named.endpoint, await inputsOf(inputs, named))
    }
  })

  test('on a suspended server is refused where its permission says so, to its owner and an admin', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const admin = await w.admin()
    const suspendedAt = w.clock.now()
    const inputs = validInputs(w, owner.id, { suspendedAt, suspensionReason: 'Not paid' })
    for (const named of closed) {
      if (!('serverId' in named.endpoint.params.shape)) continue
      const right = rightOn(named)
      if (right === null) throw new Error(`${named.name} asks for no right on its server`)
      const { whileSuspended } = right
      if (whileSuspended !== 'nobody' && named.name !== 'servers.suspend') {
        const call = named.endpoint.paged ? admin.page : admin.call
        await call(named.endpoint, await inputsOf(inputs, named))
      }
      if (whileSuspended === 'everyone') continue
      for (const person of whileSuspended === 'staff' ? [owner] : [owner, admin]) {
        const failure = await person.fails(named.endpoint, await inputsOf(inputs, named))

        expect(failure, named.name).toMatchObject({
          status: 423,
          code: 'server_suspended',
          suspendedAt: new Date(suspendedAt).toISOString(),
          suspensionReason: 'Not paid',
        })
      }
    }
  })
})

describe('every change', () => {
  const readOnly = ['GET']
  const changes = allEndpoints().filter(
    ({ endpoint }) => !readOnly.includes(endpoint.method) && !endpoint.asks,
  )

  test('leaves one entry in the audit log, with who and from where', {
    timeout: 60_000,
  }, async () => {
    for (const named of changes) {
      if (named.name === 'auth.login') continue // refused in this table; proved with the sign-in
      if (['oidc.begin', 'identities.begin'].includes(named.name)) continue // changes nothing yet
      if (named.name === 'oidc.finish') continue // refused here; proved with a real provider
      if (named.name === 'passkeys.beginSignIn') continue // makes a challenge, of nobody
      if (named.name === 'invites.preview') continue // changes nothing; its token is for no address
      if (named.name === 'accountLinks.previewInvite') continue // changes nothing either
      const w = await createWorld()
      const isFirst = named.name.startsWith('setup.')
      const caller = isFirst ? w.operator : await w.admin()
      const owner = isFirst ? nobody : (await w.user()).id
      const inputs = validInputs(w, owner as never) // no server is made for set-up

      await caller.call(named.endpoint, await inputsOf(inputs, named))

      const [row] = await w.deps.db.select({ entries: count() }).from(auditLog)
      expect(row?.entries, named.name).toBe(entriesOf[named.name] ?? 1)
    }
  })

  test('is none where an endpoint only asks, by whatever method', async () => {
    for (const named of allEndpoints().filter(({ endpoint }) => endpoint.asks)) {
      const w = await createWorld()
      const admin = await w.admin()
      const inputs = validInputs(w, admin.id)
      const input = await inputsOf(inputs, named)
      const rows = () =>
        Promise.all([w.deps.db.select().from(templates), w.deps.db.select().from(auditLog)])
      const before = await rows()

      await admin.call(named.endpoint, input)

      expect(await rows(), named.name).toEqual(before)
    }
  })

  test('that is refused leaves none', async () => {
    const w = await createWorld()
    const stranger = await w.user()
    const inputs = validInputs(w, (await w.user()).id)
    for (const named of changes) {
      if (rightOn(named) === null) continue
      await stranger.fails(named.endpoint, await inputsOf(inputs, named))
    }

    expect(await w.deps.db.select().from(auditLog)).toEqual([])
  })
})

test('the table of valid inputs names endpoints that exist', async () => {
  const w = await createWorld()
  const names = Object.keys(validInputs(w, (await w.user()).id))

  expect(names.sort()).toEqual(
    allEndpoints()
      .map(({ name }) => name)
      .sort(),
  )
  expect(Object.keys(api).length).toBeGreaterThan(5)
})
