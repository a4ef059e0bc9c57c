import { describe, expect, test } from 'vitest'
import { audit } from '../../contract/api/audit.ts'
import { templates } from '../../contract/api/templates.ts'
import { openttdTemplate } from '../../local/demo/openttd-template.ts'
import { createWorld } from '../support/world.ts'

const body = { name: 'One', image: 'registry.example/game:1', startup: './game' }

describe('a template', () => {
  test('has the fields that were given, and a default for each of the others', async () => {
    const w = await createWorld()
    const admin = await w.admin()

    const made = await admin.call(templates.create, { ...body, installScript: 'a\r\nb\r\n' })

    expect(made).toMatchObject({ ...body, installScript: 'a\nb\n', startupMode: 'shell' })
    expect(await admin.call(templates.get, { templateId: made.id })).toEqual(made)
    expect(await admin.call(templates.list, {})).toEqual([made])
  })

  test('of the demo is one', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const given = JSON.parse(JSON.stringify(openttdTemplate))

    const made = await admin.call(templates.create, given)

    expect(made).toMatchObject(given)
  })

  test('has a name of its own, and each variable once', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    await admin.call(templates.create, body)
    const { id: templateId } = await admin.call(templates.create, { ...body, name: 'Two' })
    const variables = [{ name: 'A' }, { name: 'A' }]

    const taken = await admin.fails(templates.create, body)
    const renamed = await admin.fails(templates.update, { templateId, name: 'One' })
    const doubled = await admin.fails(templates.update, { templateId, variables })

    expect([taken.code, renamed.code]).toEqual(['name_taken', 'name_taken'])
    expect(doubled.details).toMatchObject([{ path: ['variables', '1', 'name'] }])
  })

  test('is changed in the fields that are given, and the audit log has just these', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { id: templateId } = await admin.call(templates.create, body)

    const after = await admin.call(templates.update, { templateId, author: 'Ann' })

    expect(after).toMatchObject({ ...body, author: 'Ann' })
    const { items } = await admin.page(audit.list, { action: 'template.update' })
    expect(items).toMatchObject([
      { targetId: templateId, before: { author: '' }, after: { author: 'Ann' } },
    ])
    expect(Object.keys(items[0]?.after ?? {})).toEqual(['author'])
  })

  test('that a server uses is not deleted', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { id: templateId } = await w.addTemplate()
    const server = await w.addServer({ templateId })

    const failure = await admin.fails(templates.delete, { templateId })
    await w.rows.deleteServer(server.id)
    await admin.call(templates.delete, { templateId })

    expect(failure).toMatchObject({ code: 'in_use', details: { servers: 1 } })
    expect(await admin.call(templates.list, {})).toEqual([])
  })
})

test('the audit log is read newest first, by action and by what it was done to', async () => {
  const w = await createWorld()
  const admin = await w.admin()
  const one = await admin.call(templates.create, body)
  w.clock.advance(1)
  await admin.call(templates.create, { ...body, name: 'Two' })
  w.clock.advance(1)
  await admin.call(templates.delete, { templateId: one.id })

  const all = await admin.page(audit.list, {})
  const ofOne = await admin.page(audit.list, { targetId: one.id, limit: 1 })

  expect(all.items.map(({ action }) => action)).toEqual([
    'template.delete',
    'template.create',
    'template.create',
  ])
  expect(all.items[0]).toMatchObject({ actorId: admin.id, actorName: admin.name })
  expect(ofOne.pagination).toMatchObject({ total: 2, totalPages: 2 })
})
