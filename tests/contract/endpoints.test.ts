import { describe, expect, test } from 'vitest'
import { allEndpoints } from '../../contract/api/index.ts'
import { allPermissions } from '../../contract/permissions.ts'

describe('the endpoint table', () => {
  test('carries no input key twice, so that input can be one flat object', () => {
    const doubled = allEndpoints().flatMap(({ name, endpoint }) => {
      const keys = [endpoint.params, endpoint.query, endpoint.body].flatMap((part) =>
        Object.keys(part.shape),
      )
      return keys.filter((key, at) => keys.indexOf(key) !== at).map((key) => `${name}: ${key}`)
    })

    expect(doubled).toEqual([])
  })

  test('declares a parameter for each mark in a path, and no other', () => {
    for (const { name, endpoint } of allEndpoints()) {
      const marks = Array.from(endpoint.path.matchAll(/:(\w+)/g), (match) => match[1])

      expect(Object.keys(endpoint.params.shape), name).toEqual(marks)
    }
  })

  test('has each method and path once', () => {
    const doors = allEndpoints().map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`)

    expect(new Set(doors).size).toBe(doors.length)
  })

  test('asks for each permission somewhere, so that none is promised and never looked at', () => {
    const asked = new Set<string>(allEndpoints().map(({ endpoint }) => endpoint.needs))

    expect(allPermissions.filter((name) => !asked.has(name))).toEqual([])
  })

  test('gives no body to what is read', () => {
    const bodies = allEndpoints().filter(
      ({ endpoint }) => endpoint.method === 'GET' && Object.keys(endpoint.body.shape).length > 0,
    )

    expect(bodies.map(({ name }) => name)).toEqual([])
  })
})
