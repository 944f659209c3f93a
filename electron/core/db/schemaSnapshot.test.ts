import { afterAll, beforeAll, expect, test } from 'vitest'
import { schemaOf } from './schemaSnapshot'
import { sql } from './sql'
import { openTestDatabase, type TestDatabase } from './testing'

let t: TestDatabase
beforeAll(() => {
  t = openTestDatabase()
})
afterAll(() => t.cleanup())

test('the migrations make the schema of schema.snapshot.sql (after a new migration: npx vitest run electron/core/db/schemaSnapshot.test.ts -u)', async () => {
  await expect(schemaOf(t.db.read)).toMatchFileSnapshot('./schema.snapshot.sql')
})

test('L4: every table is STRICT', () => {
  const loose = t.db.read.all(sql`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
  expect(loose).toEqual([])
})

test('L4: no refusal is computed, so that SQLite before 3.47 reads a copy without encryption', () => {
  const triggers = t.db.read.all<{ name: string; sql: string }>(sql`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
  const computed = triggers.filter((trigger) => /RAISE\s*\(\s*\w+\s*,\s*[^'\s]/i.test(trigger.sql))
  expect(computed.map(({ name }) => name)).toEqual([])
})

test('every foreign key points to a key of another table', () => {
  expect(t.db.read.all(sql`PRAGMA foreign_key_check`)).toEqual([])
})
