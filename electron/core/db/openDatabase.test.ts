import { expect, test } from 'vitest'
import { sql } from './sql'
import { openTestDatabase } from './testing'

test('L1: opens and reopens', () => {
  const t = openTestDatabase()
  expect(t.db.read.get(sql`PRAGMA synchronous`)).toEqual({ synchronous: 2 })
  t.reopen()
  expect(t.db.read.get(sql`PRAGMA synchronous`)).toEqual({ synchronous: 2 })
  t.cleanup()
})
