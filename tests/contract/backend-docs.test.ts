import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { getTableColumns, is } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, test } from 'vitest'
import { disagreements, originalFields, parseParity, type Schema } from '../support/backend-docs.ts'

const markdown = readFileSync('backend-docs.md', 'utf8')
const parity = parseParity(markdown)
const schema = await readSchema()

describe('backend-docs.md', () => {
  test('agrees with the schema', () => {
    expect(schema.get('servers')).toContain('ownerId')
    expect(disagreements(parity, schema)).toEqual([])
  })

  test('says once of every field of the original what became of it', () => {
    const told = parity.models.map(({ name, fields }) => [name, fields.map((field) => field.name)])

    expect(Object.fromEntries(told)).toEqual(originalFields)
    expect(told).toHaveLength(Object.keys(originalFields).length)
  })

  test('begins the reason of what comes later with the step that brings it', () => {
    const steps = stepsNamed()
    const late = parity.models.flatMap(({ fields }) => fields).filter((it) => it.fate === 'later')
    const unknown = late.filter(({ why }) => !steps.includes(why.split('.')[0] ?? ''))

    expect(late.length).toBeGreaterThan(0)
    expect(unknown).toEqual([])
  })

  test('names each gap against Wings once, with the step that closes it', () => {
    const ends = [...stepsNamed(), 'Closed', 'Undecided']
    const features = parity.gaps.map(([feature]) => feature)
    const wrong = parity.gaps.filter(
      (cells) =>
        cells.length !== 4 ||
        cells.includes('') ||
        !ends.some((end) => cells[3]?.replace(/ \(.*\)$/, '') === end),
    )

    expect(features.length).toBeGreaterThanOrEqual(25)
    expect(new Set(features).size).toBe(features.length)
    expect(wrong).toEqual([])
  })
})

describe('the comparison with the schema', () => {
  test.each([
    ['a planned column comes', 'servers', ['restartPolicy'], 'Server.restartPolicy is not later'],
    ['a dropped one comes', 'servers', ['containerId'], 'Server.containerId is not dropped'],
    ['a column comes that nobody tells of', 'servers', ['colour'], 'servers.colour is not told'],
    ['a planned table comes', 'backups', ['id'], 'Backup: backups is called planned and exists'],
  ])('finds that %s', (_what, table, columns, sentence) => {
    const grown = new Map(schema).set(table, new Set([...(schema.get(table) ?? []), ...columns]))

    expect(disagreements(parity, grown)).toContain(sentence)
  })

  test.each([
    ['a kept column', 'name', 'Server.name is not kept'],
    ['an extended one', 'ownerId', 'Server.ownerId is not extended'],
    ['a renamed one', 'lastExit', 'Server.lastExitCode is not renamed'],
    ['one of ours alone', 'startNo', 'servers.startNo does not exist'],
  ])('finds that %s has gone', (_what, column, sentence) => {
    const columns = [...(schema.get('servers') ?? [])].filter((name) => name !== column)
    const shrunk = new Map(schema).set('servers', new Set(columns))

    expect(disagreements(parity, shrunk)).toContain(sentence)
  })

  test('refuses a row whose fate it does not know', () => {
    const typo = markdown.replace('| kept |', '| keept |')

    expect(() => parseParity(typo)).toThrow('not a row about a field')
  })
})

/** The steps that the document lists, written as at the beginning of a sentence. */
function stepsNamed(): string[] {
  const [, list = ''] = /^Steps are called by what they bring: ([^.]+)\./m.exec(markdown) ?? []
  return list.split(/,\s+/).map((step) => step.charAt(0).toUpperCase() + step.slice(1))
}

/** Every table that a file of the schema exports, so that a new file is not forgotten. */
async function readSchema(): Promise<Schema> {
  const tables = new Map<string, ReadonlySet<string>>()
  for (const path of globSync('worker/db/schema/*.ts')) {
    const module: Record<string, unknown> = await import(pathToFileURL(resolve(path)).href)
    for (const [name, value] of Object.entries(module)) {
      if (is(value, SQLiteTable)) tables.set(name, new Set(Object.keys(getTableColumns(value))))
    }
  }
  return tables
}
