import { describe, expect, test } from 'vitest'
import { refuseForbiddenSql } from '../../local/libsql/allowed-sql.ts'
import { bindValues } from '../../local/libsql/bind-values.ts'
import { splitSql } from '../../local/libsql/sql-text.ts'

const textsOf = (sql: string) => splitSql(sql).map((statement) => statement.sql)

const only = (sql: string) => {
  const [statement, second] = splitSql(sql)
  if (statement === undefined || second !== undefined) throw new Error(`not one: ${sql}`)
  return statement
}

describe('cutting a text into statements', () => {
  test('semicolons separate statements, and empty ones vanish', () => {
    expect(textsOf(' SELECT 1 ;; SELECT 2; -- the end')).toEqual(['SELECT 1', 'SELECT 2'])
    expect(textsOf('')).toEqual([])
    expect(textsOf('/* nothing; here */ ;')).toEqual([])
  })

  test.each([
    "SELECT ';', 'it''s; fine'",
    'SELECT "a;b", `c;d`, [e;f]',
    'SELECT 1 -- not; here\n + 2',
    'SELECT 1 /* nor; here */ + 2',
    "SELECT 'unclosed; string",
    'SELECT 1 /* unclosed; comment',
  ])('a semicolon in a string, a name or a comment separates nothing: %s', (sql) => {
    expect(textsOf(sql)).toEqual([sql])
  })

  test('a trigger is one statement, up to the semicolon after its END', () => {
    const trigger = `CREATE TRIGGER t AFTER INSERT ON a BEGIN
      UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END;
      DELETE FROM d;
    END`
    expect(textsOf(`${trigger}; SELECT 1`)).toEqual([trigger, 'SELECT 1'])
    expect(textsOf(trigger)).toEqual([trigger])
    expect(textsOf('CREATE TABLE trigger_log(a); SELECT 1')).toHaveLength(2)
  })

  test('a long string does not exhaust the stack', () => {
    const sql = `SELECT '${"x''".repeat(1_000_000)}'`
    expect(textsOf(sql)).toHaveLength(1)
  })
})

describe('parameters', () => {
  test('are numbered as SQLite numbers them', () => {
    expect(only('SELECT ?, :a, ?, @b, $c, :a').parameters).toEqual([null, 'a', null, 'b', 'c'])
    expect(only('SELECT ?3, ?').parameters).toEqual([null, null, null, null])
    expect(only('SELECT \':a\', "?" /* ? */ -- ?\n').parameters).toEqual([])
    expect(only('SELECT ?99999999999').parameters).toHaveLength(32_766)
  })

  test('take values by position and by name, with or without the prefix', () => {
    const statement = only('SELECT ?, :a, @b, ?4')
    const text = (value: string) => ({ type: 'text' as const, value })
    const named = [
      { name: 'a', value: text('A') },
      { name: '@b', value: text('B') },
      { name: '?4', value: text('D') },
    ]
    expect(bindValues(statement, { args: [text('1')], named_args: named })).toEqual([
      '1',
      'A',
      'B',
      'D',
    ])
  })

  test('without a value, or values without a parameter, are an error and not NULL', () => {
    const one = { type: 'integer' as const, value: '1' }
    expect(() => bindValues(only('SELECT ?, ?'), { args: [one] })).toThrow('parameter 2')
    expect(() => bindValues(only('SELECT :name'), {})).toThrow('parameter name')
    expect(() => bindValues(only('SELECT ?'), { args: [one, one] })).toThrow('2 values for 1')
    const tooLarge = { type: 'integer' as const, value: '9223372036854775808' }
    expect(() => bindValues(only('SELECT ?'), { args: [tooLarge] })).toThrow('64 bits')
  })
})

describe('what is not allowed', () => {
  test.each([
    "ATTACH '/etc/passwd' AS x",
    'detach x',
    "VACUUM INTO '/tmp/copy'",
    'CREATE TEMP TABLE t(a)',
    'create temporary trigger t',
    'PRAGMA synchronous = OFF',
    'PRAGMA main.synchronous = OFF',
    'PRAGMA writable_schema(1)',
    'PRAGMA journal_mode = DELETE',
    '/* hidden */ PRAGMA query_only = ON',
  ])('%s', (sql) => {
    expect(() => refuseForbiddenSql(only(sql))).toThrow('not allowed')
  })

  test.each(['PRAGMA foreign_keys = off', 'PRAGMA table_info(t)', 'VACUUM', 'SELECT 1'])(
    'but %s is',
    (sql) => {
      expect(() => refuseForbiddenSql(only(sql))).not.toThrow()
    },
  )
})
