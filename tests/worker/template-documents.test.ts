import { describe, expect, test } from 'vitest'
import { audit } from '../../contract/api/audit.ts'
import { templateDocuments } from '../../contract/api/template-documents.ts'
import { templates } from '../../contract/api/templates.ts'
import { createWorld } from '../support/world.ts'
import { anEgg, originalTemplate, pelicanYaml } from './eggs/corpus.ts'

const content = JSON.stringify(anEgg())

async function adminOf() {
  const w = await createWorld()
  return { w, admin: await w.admin() }
}

describe('importing', () => {
  test('adds a template with a report, and says so in the audit log', async () => {
    const { admin } = await adminOf()
    const egg = anEgg({ docker_images: { Own: '~registry.example/burrow:2' } })

    const { template, report } = await admin.call(templateDocuments.import, {
      content: JSON.stringify(egg),
      category: 'Digging',
    })

    expect(template).toMatchObject({ name: 'Burrow', sourceFormat: 'ptdl_v2', category: 'Digging' })
    expect(report).toMatchObject([{ level: 'warning', field: 'docker_images.Own' }])
    expect(await admin.call(templates.get, { templateId: template.id })).toEqual(template)
    const { items } = await admin.page(audit.list, { action: 'template.import' })
    expect(items).toMatchObject([{ targetId: template.id, after: { name: 'Burrow' } }])
  })

  test('takes YAML, and a name above its own', async () => {
    const { admin } = await adminOf()

    const { template } = await admin.call(templateDocuments.import, {
      content: pelicanYaml,
      name: 'Mine',
    })

    expect(template).toMatchObject({ name: 'Mine', sourceFormat: 'plcn_v3' })
  })

  test('refuses a name that is in use, and what is no template', async () => {
    const { admin } = await adminOf()
    await admin.call(templateDocuments.import, { content })

    const taken = await admin.fails(templateDocuments.import, { content })
    const none = await admin.fails(templateDocuments.import, { content: '{"a":1}' })

    expect(taken.code).toBe('name_taken')
    expect(none).toMatchObject({ status: 400, code: 'invalid_input' })
    expect(await admin.call(templates.list, {})).toHaveLength(1)
  })
})

describe('exporting', () => {
  test('gives the egg back that came in', async () => {
    const { admin } = await adminOf()
    const { template } = await admin.call(templateDocuments.import, { content })

    const { fileName, content: written } = await admin.call(templateDocuments.export, {
      templateId: template.id,
    })

    expect(fileName).toBe('egg-burrow.json')
    expect(JSON.parse(written)).toEqual({ ...anEgg(), exported_at: expect.any(String) })
  })

  test('gives a template of the original back, and one made here', async () => {
    const { w, admin } = await adminOf()
    const given = { content: JSON.stringify(originalTemplate) }
    const { template } = await admin.call(templateDocuments.import, given)
    const made = await w.addTemplate({ name: 'Über ?' })
    const format = 'catalyst'

    const read = await admin.call(templateDocuments.export, { templateId: template.id, format })
    const plain = await admin.call(templateDocuments.export, { templateId: made.id, format })

    expect(JSON.parse(read.content)).toMatchObject(originalTemplate)
    expect(plain.fileName).toBe('template-ber.json')
    const again = await admin.call(templateDocuments.import, {
      content: plain.content,
      name: 'Two',
    })
    const { id: _id, name: _name, createdAt: _at, updatedAt: _then, ...fields } = made
    expect(again.template).toMatchObject(fields)
  })
})

describe('a newer document', () => {
  async function imported() {
    const { w, admin } = await adminOf()
    const { template } = await admin.call(templateDocuments.import, { content })
    const newer = anEgg({
      description: 'Moles dig deeper.',
      startup: './burrow --deep',
      author: 'x',
    })
    return { w, admin, templateId: template.id, newer: JSON.stringify(newer) }
  }

  test('is compared with what is here, and with what was changed here', async () => {
    const { admin, templateId, newer } = await imported()
    await admin.call(templates.update, { templateId, description: 'Ours' })

    const { changes } = await admin.call(templateDocuments.compare, { templateId, content: newer })

    expect(changes).toEqual([
      { field: 'description', before: 'Ours', after: 'Moles dig deeper.', editedHere: true },
      { field: 'author', before: 'mole@example.org', after: 'x', editedHere: false },
      {
        field: 'startup',
        before: anEgg().startup,
        after: './burrow --deep',
        editedHere: false,
      },
    ])
  })

  test('is taken over where nothing was changed here, and is the source from then on', async () => {
    const { admin, templateId, newer } = await imported()
    await admin.call(templates.update, { templateId, description: 'Ours' })

    const given = { templateId, content: newer }
    const { template } = await admin.call(templateDocuments.updateFrom, given)
    const rest = await admin.call(templateDocuments.compare, given)

    expect(template).toMatchObject({ description: 'Ours', author: 'x', startup: './burrow --deep' })
    expect(rest.changes).toMatchObject([{ field: 'description', editedHere: true }])
    const { items } = await admin.page(audit.list, { action: 'template.update_from' })
    expect(items).toMatchObject([{ after: { author: 'x', startup: './burrow --deep' } }])
  })

  test('is taken over in the fields that are named', async () => {
    const { admin, templateId, newer } = await imported()

    const { template } = await admin.call(templateDocuments.updateFrom, {
      templateId,
      content: newer,
      fields: ['description'],
    })

    expect(template).toMatchObject({ description: 'Moles dig deeper.', author: 'mole@example.org' })
  })

  test('for a template that was made here changes nothing unasked', async () => {
    const { w, admin } = await adminOf()
    const { id: templateId } = await w.addTemplate()

    const { template } = await admin.call(templateDocuments.updateFrom, { templateId, content })
    const { changes } = await admin.call(templateDocuments.compare, { templateId, content })

    expect(template).toMatchObject({ startupMode: 'argv', sourceFormat: 'ptdl_v2' })
    expect(changes.every(({ editedHere }) => editedHere)).toBe(true)
  })
})

test('templates are found by category and by text', async () => {
  const { w, admin } = await adminOf()
  await w.addTemplate({ name: 'Burrow', category: 'Digging', author: 'A mole' })
  await w.addTemplate({ name: 'Nest', category: 'Flying', description: '100% birds' })
  const names = async (query: { search?: string; category?: string }) =>
    (await admin.call(templates.list, query)).map(({ name }) => name)

  expect(await names({})).toEqual(['Burrow', 'Nest'])
  expect(await names({ category: 'Digging' })).toEqual(['Burrow'])
  expect(await names({ search: 'MOLE' })).toEqual(['Burrow'])
  expect(await names({ search: '0%' })).toEqual(['Nest'])
  expect(await names({ search: '%' })).toEqual(['Nest'])
  expect(await names({ search: 'mole', category: 'Flying' })).toEqual([])
})

test('a deleted template takes its document along', async () => {
  const { admin } = await adminOf()
  const { template } = await admin.call(templateDocuments.import, { content })

  await admin.call(templates.delete, { templateId: template.id })
  const again = await admin.call(templateDocuments.import, { content })

  expect(again.template.sourceFormat).toBe('ptdl_v2')
})
