import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { panel } from '../../contract/api/panel.ts'
import { allPermissions } from '../../contract/permissions.ts'
import { createWorld } from '../support/world.ts'

async function readDocument() {
  const w = await createWorld()
  return (await w.send('/api/openapi.json')).json()
}

describe('the API’s document', () => {
  test('is OpenAPI 3.1, and a validator agrees', async () => {
    const document = await readDocument()

    const verdict = await new Validator().validate(document)

    expect(verdict).toEqual({ valid: true })
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  test('names its schemas, says what each endpoint needs, and what it answers when it fails', async () => {
    const document = await readDocument()
    const create = document.paths['/api/servers'].post

    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Server', 'ServerDetail', 'Operation', 'Node', 'Template', 'Error']),
    )
    expect(create).toMatchObject({
      summary: 'Create a server; its installation starts at once',
      description: 'Needs: server.create.',
      tags: ['Servers'],
    })
    expect(document.paths['/api/servers/{serverId}/owner'].put.description).toBe(
      'Needs: server.set_owner. Refused on a suspended server.',
    )
    expect(document.paths['/api/auth/logout'].post.description).toBe('Needs: signed in.')
    expect(Object.keys(create.responses)).toEqual(['201', 'default'])
    expect(document.paths['/api/health'].get.security).toEqual([])
    expect(document.components.schemas.Error.properties.details.anyOf[0]).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/InputIssue' },
    })
  })
})

test('the API’s document says how callers show who they are, and where an API key does not do', async () => {
  const { components, security, paths } = await readDocument()

  expect(security).toEqual([{ session: [] }, { bearer: [] }, { apiKey: [] }])
  expect(components.securitySchemes).toMatchObject({
    session: { type: 'apiKey', in: 'cookie' },
    bearer: { type: 'http', scheme: 'bearer' },
    apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  })
  expect(paths['/api/servers'].get.security).toBeUndefined()
  expect(paths['/api/auth/api-keys'].post.security).toEqual([{ session: [] }, { bearer: [] }])
})

test('the API’s document shows who holds which permission', async () => {
  const { info } = await readDocument()

  for (const name of allPermissions) expect(info.description).toContain(`- \`${name}\`: `)
  expect(info.description).toContain(
    '- `server.start`: Start. *Administrator, Owner, Power, Full.* Refused on a suspended server.',
  )
})

test('the version that health tells is the package’s', async () => {
  const w = await createWorld()
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

  expect((await w.anonymous.call(panel.health, {})).version).toBe(version)
})
