import { describe, expect, test } from 'vitest'
import { servers } from '../../contract/api/servers.ts'
import { startup } from '../../contract/api/startup.ts'
import { type TemplateBody, TemplateVariable } from '../../contract/api/template-fields.ts'
import { templates } from '../../contract/api/templates.ts'
import { auditLog } from '../../worker/db/schema/activity.ts'
import { createWorld } from '../support/world.ts'

const variables = [
  { name: 'DEPTH', default: '12', rules: ['integer', 'between:1,400'] },
  { name: 'MODE', default: 'calm', userEditable: false },
  { name: 'LICENCE', default: 'abc', userViewable: false },
  { name: 'RCON', default: 'preset', secret: true, rules: ['min:4'] },
].map((variable) => TemplateVariable.parse(variable))

const template: Partial<TemplateBody> = {
  variables,
  startup: './burrow {{DEPTH}} {{MODE}} {{LICENCE}} {{RCON}}',
  startups: [{ name: 'Map', command: './burrow --map {{DEPTH}}' }],
  images: [
    { name: 'Two', image: 'registry.example/game:2' },
    { name: 'One', image: 'registry.example/game:1' },
  ],
}

async function aServer(environment: Record<string, string> = {}) {
  const w = await createWorld()
  const owner = await w.user()
  const admin = await w.admin()
  const { id: templateId } = await w.addTemplate(template)
  const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id, templateId, environment })
  const spec = () => w.node(nodeId).pushes.at(-1)?.server.spec
  return { w, owner, admin, templateId, serverId, nodeId, spec }
}

describe('how a server starts', () => {
  test('is shown to its owner without what is hidden or secret', async () => {
    const { owner, serverId } = await aServer({ RCON: 'sesame', LICENCE: 'xyz' })

    const shown = await owner.call(startup.get, { serverId })

    expect(shown).toMatchObject({
      preview: './burrow 12 calm [hidden] [hidden]',
      line: template.startup,
      startups: [{ name: 'Usual' }, { name: 'Map' }],
      image: 'registry.example/game:1',
      images: [{ name: 'One' }, { name: 'Two' }],
      startupName: null,
      startupCommand: null,
      unlimited: false,
    })
    expect(shown.variables).toMatchObject([
      { name: 'DEPTH', value: '12', isSet: false, editable: true },
      { name: 'MODE', value: 'calm', editable: false },
      { name: 'RCON', value: null, default: '', isSet: true, editable: true },
    ])
  })

  test('is shown whole to whoever may create servers, but for what is secret', async () => {
    const { admin, serverId } = await aServer({ RCON: 'sesame', LICENCE: 'xyz' })

    const shown = await admin.call(startup.get, { serverId })

    expect(shown).toMatchObject({ preview: './burrow 12 calm xyz [hidden]', unlimited: true })
    expect(shown.variables.map(({ value, editable }) => [value, editable])).toEqual([
      ['12', true],
      ['calm', true],
      ['xyz', true],
      [null, true],
    ])
  })

  test('is as guarded in the detail of the server', async () => {
    const { owner, admin, serverId } = await aServer({ RCON: 'sesame', LICENCE: 'xyz', DEPTH: '3' })

    const own = await owner.call(servers.get, { serverId })
    const all = await admin.call(servers.get, { serverId })

    expect(own.environment).toEqual({ DEPTH: '3' })
    expect(own.variables.map(({ name }) => name)).toEqual(['DEPTH', 'MODE', 'RCON'])
    expect(JSON.stringify(own)).not.toMatch(/sesame|xyz|preset/)
    expect(all.environment).toEqual({ DEPTH: '3', LICENCE: 'xyz' })
    expect(JSON.stringify(all)).not.toMatch(/sesame|preset/)
  })
})

describe('a change by the owner', () => {
  test('leaves what is not given, and reaches the node', async () => {
    const { w, owner, serverId, spec } = await aServer({ RCON: 'sesame', LICENCE: 'xyz' })

    const after = await owner.call(startup.update, {
      serverId,
      environment: { DEPTH: '40' },
      image: 'registry.example/game:2',
      startupName: 'Map',
    })

    expect(after).toMatchObject({
      preview: './burrow --map 40',
      startupName: 'Map',
      image: 'registry.example/game:2',
    })
    expect(spec()).toMatchObject({
      image: 'registry.example/game:2',
      environment: { DEPTH: '40', RCON: 'sesame', LICENCE: 'xyz' },
    })
    const [entry] = await w.deps.db.select().from(auditLog)
    expect(entry).toMatchObject({
      action: 'server.update_startup',
      before: { image: null, startupName: null },
      after: { image: 'registry.example/game:2', startupName: 'Map', environment: ['DEPTH'] },
    })
  })

  test('takes a value back to the default, and the choice to the usual one', async () => {
    const { owner, serverId, spec } = await aServer({ DEPTH: '3' })
    const choice = { image: 'registry.example/game:2', startupName: 'Map' }
    await owner.call(startup.update, { serverId, ...choice })

    const after = await owner.call(startup.update, {
      serverId,
      environment: { DEPTH: null },
      image: null,
      startupName: null,
    })

    expect(after).toMatchObject({ startupName: null, image: 'registry.example/game:1' })
    expect(after.variables[0]).toMatchObject({ value: '12', isSet: false })
    expect(spec()?.environment.DEPTH).toBe('12')
  })

  test('sets what is secret, and keeps it where it is not given', async () => {
    const { owner, serverId, spec } = await aServer()

    await owner.call(startup.update, { serverId, environment: { RCON: 'new-one' } })
    await owner.call(servers.update, { serverId, environment: { DEPTH: '9' } })

    expect(spec()?.environment).toMatchObject({ RCON: 'new-one', DEPTH: '9' })
  })

  test.each([
    [
      'a value against its rules',
      { environment: { DEPTH: '401' } },
      ['environment', 'DEPTH'],
      /1 and 400/,
    ],
    [
      'a secret against its rules',
      { environment: { RCON: 'abc' } },
      ['environment', 'RCON'],
      /4 char/,
    ],
    ['what only staff sets', { environment: { MODE: 'wild' } }, ['environment', 'MODE'], /may not/],
    ['what is not shown', { environment: { LICENCE: 'x' } }, ['environment', 'LICENCE'], /no such/],
    ['what does not exist', { environment: { OTHER: 'x' } }, ['environment', 'OTHER'], /no such/],
    ['an image that is not offered', { image: 'evil:1' }, ['image'], /does not offer/],
    ['a line that does not exist', { startupName: 'No' }, ['startupName'], /no startup line/],
    ['a line of their own', { startupCommand: './evil' }, ['startupCommand'], /Only whoever/],
  ])('is refused for %s', async (_what, change, path, message) => {
    const { owner, serverId, spec } = await aServer()

    const failure = await owner.fails(startup.update, { serverId, ...change })

    expect(failure.details).toEqual([{ path, message: expect.stringMatching(message) }])
    expect(spec()).toBeUndefined()
  })

  test('of all variables leaves those that are not theirs', async () => {
    const stored = { MODE: 'wild', LICENCE: 'xyz', RCON: 'sesame', DEPTH: '3' }
    const { owner, serverId, spec } = await aServer(stored)

    await owner.call(servers.update, { serverId, environment: {} })

    expect(spec()?.environment).toMatchObject({ ...stored, DEPTH: '12' })
  })

  test('is refused in the same way where all variables are given', async () => {
    const { owner, serverId } = await aServer({ LICENCE: 'xyz' })

    const environment = { DEPTH: '0', MODE: 'wild', LICENCE: 'mine' }
    const failure = await owner.fails(servers.update, { serverId, environment })

    expect(failure.details).toMatchObject([
      { path: ['environment', 'DEPTH'] },
      { path: ['environment', 'MODE'] },
      { path: ['environment', 'LICENCE'] },
    ])
  })

  test('is not kept back by what a stricter template says of the rest', async () => {
    const { admin, owner, serverId, templateId } = await aServer({ DEPTH: '3' })
    const strict = variables.map((variable) => ({ ...variable, rules: ['required', 'uuid'] }))
    await admin.call(templates.update, { templateId, variables: strict })

    await owner.call(startup.update, { serverId, startupName: 'Map' })
    const failure = await owner.fails(startup.update, { serverId, environment: { DEPTH: '4' } })

    expect(failure.details).toMatchObject([{ path: ['environment', 'DEPTH'] }])
  })
})

test('whoever may create servers sets any variable, image and line', async () => {
  const { admin, serverId, spec } = await aServer()

  const after = await admin.call(startup.update, {
    serverId,
    environment: { MODE: 'wild', LICENCE: 'new' },
    image: 'registry.example/other:9',
    startupCommand: './burrow --own {{MODE}}',
  })

  expect(after.preview).toBe('./burrow --own wild')
  expect(spec()).toMatchObject({
    image: 'registry.example/other:9',
    command: ['./burrow', '--own', 'wild'],
    environment: { LICENCE: 'new' },
  })
})

describe('a new server', () => {
  const limits = { allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 }

  test('has the image and startup line that were chosen', async () => {
    const { w, admin, templateId } = await aServer()
    const { id: nodeId } = await w.addNode()
    const choice = { image: 'registry.example/game:2', startupName: 'Map' }

    const made = await admin.call(servers.create, {
      name: 'New',
      templateId,
      nodeId,
      ...limits,
      ...choice,
    })

    expect(made).toMatchObject({ image: choice.image, startupPreview: './burrow --map 12' })
  })

  test('needs every variable to be right, defaults too', async () => {
    const { w, admin } = await aServer()
    const { id: nodeId } = await w.addNode()
    const { id: templateId } = await w.addTemplate({
      variables: [
        TemplateVariable.parse({ name: 'KEY', rules: ['required', 'string'] }),
        TemplateVariable.parse({ name: 'SIZE', default: 'big', rules: ['integer'] }),
        TemplateVariable.parse({ name: 'NOTE', rules: ['nullable', 'max:3'] }),
      ],
    })
    const body = { name: 'New', templateId, nodeId, ...limits }

    const failure = await admin.fails(servers.create, { ...body, startupName: 'No' })
    const environment = { KEY: 'k', SIZE: '3' }
    await admin.call(servers.create, { ...body, environment })

    expect(failure.details).toMatchObject([
      { path: ['environment', 'KEY'], message: 'A value is required.' },
      { path: ['environment', 'SIZE'], message: 'It has to be a whole number.' },
      { path: ['startupName'] },
    ])
  })
})
