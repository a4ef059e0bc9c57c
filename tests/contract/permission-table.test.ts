import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { permissionsDocument } from '../support/permission-table.ts'

const file = 'contract/PERMISSIONS.md'

test('the table of permissions is as the contract is; it has just been written anew if not', () => {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const now = permissionsDocument()
  if (before !== now) writeFileSync(file, now)

  expect(before).toBe(now)
})
