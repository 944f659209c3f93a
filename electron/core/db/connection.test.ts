import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WriteDb } from './connection'
import { joinSql, sql } from './sql'
import { openTestDatabase, type TestDatabase } from './testing'

const migrations = [
  { version: 1, name: 'item', up: 'CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT' },
]

let t: TestDatabase
beforeEach(() => {
  t = openTestDatabase({ migrations })
})
afterEach(() => t.cleanup())

const add = (w: WriteDb, name: string) => w.run(sql`INSERT INTO item (name) VALUES (${name})`)
const names = () => t.db.read.all<{ name: string }>(sql`SELECT name FROM item ORDER BY id`).map(({ name }) => name)

test('a write commits what it did and returns its value', () => {
  expect(t.db.write((w) => add(w, 'a'))).toEqual({ changes: 1, lastId: 1 })
  expect(names()).toEqual(['a'])
  t.reopen()
  expect(names()).toEqual(['a'])
})

test('a throw rolls everything back', () => {
  expect(() =>
    t.db.write((w) => {
      add(w, 'a')
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(names()).toEqual([])
})

test('a violated constraint keeps its own error', () => {
  t.db.write((w) => add(w, 'a'))
  expect(() => t.db.write((w) => add(w, 'a'))).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_UNIQUE' }))
})

test('an asynchronous function is refused and rolled back', () => {
  expect(() =>
    t.db.write(async (w) => {
      add(w, 'a')
    }),
  ).toThrow('promise')
  expect(names()).toEqual([])
})

test('a write inside a write is refused', () => {
  expect(() =>
    t.db.write((w) => {
      add(w, 'a')
      t.db.write((inner) => add(inner, 'b'))
    }),
  ).toThrow('already open')
  expect(names()).toEqual([])
})

test('a kept WriteDb writes nothing after its transaction', () => {
  const kept = t.db.write((w) => w)
  const statement = kept.prepare('INSERT INTO item (name) VALUES (?)')
  expect(() => add(kept, 'late')).toThrow('no write transaction')
  expect(() => statement.run('late')).toThrow('no write transaction')
  expect(names()).toEqual([])
})

test('a savepoint undoes its own writes alone', () => {
  t.db.write((w) => {
    add(w, 'a')
    expect(() =>
      t.db.savepoint(w, () => {
        add(w, 'b')
        t.db.savepoint(w, () => add(w, 'c'))
        throw new Error('poison')
      }),
    ).toThrow('poison')
    expect(t.db.savepoint(w, () => add(w, 'd').changes)).toBe(1)
  })
  expect(names()).toEqual(['a', 'd'])
})

test('L3: after the engine rolled back on its own, nothing more is written by a caller that swallowed the error', () => {
  t.db.write((w) => add(w, 'before'))
  const { pages } = t.db.read.get<{ pages: number }>(sql`SELECT page_count AS pages FROM pragma_page_count`) ?? { pages: 0 }
  t.db.read.get({ text: `PRAGMA max_page_count = ${pages}`, values: [] })
  let swallowed = 0
  expect(() =>
    t.db.write((w) => {
      for (let i = 0; i < 200; i++) {
        try {
          t.db.savepoint(w, () => add(w, `${i}${'x'.repeat(1000)}`))
        } catch {
          swallowed++
        }
      }
      if (swallowed > 0) throw new Error('some were refused')
    }),
  ).toThrow()
  expect(swallowed).toBeGreaterThan(0)
  expect(names()).toEqual(['before'])
})

test('checks run inside the transaction, just before its commit, and can refuse it', () => {
  t.db.beforeCommit((w) => {
    if (w.get(sql`SELECT 1 FROM item WHERE name = 'forbidden'`)) throw new Error('refused')
  })
  t.db.write((w) => add(w, 'allowed'))
  expect(() => t.db.write((w) => add(w, 'forbidden'))).toThrow('refused')
  expect(names()).toEqual(['allowed'])
})

test('listeners hear of commits alone, after them', () => {
  const heard: string[][] = []
  t.db.afterCommit(() => heard.push(names()))
  t.db.write((w) => add(w, 'a'))
  expect(() =>
    t.db.write(() => {
      throw new Error('stop')
    }),
  ).toThrow()
  t.db.write((w) => add(w, 'b'))
  expect(heard).toEqual([['a'], ['a', 'b']])
})

test('an iterator left early frees the connection', () => {
  t.db.write((w) => {
    for (const name of ['a', 'b', 'c']) add(w, name)
  })
  for (const row of t.db.read.iterate<{ name: string }>(sql`SELECT name FROM item ORDER BY id`)) {
    expect(row).toEqual({ name: 'a' })
    break
  }
  t.db.write((w) => add(w, 'd'))
  expect([...t.db.read.iterate(sql`SELECT count(*) AS n FROM item`)]).toEqual([{ n: 4 }])
})

test('a prepared statement runs, gets and lists', () => {
  t.db.write((w) => {
    const insert = w.prepare('INSERT INTO item (name) VALUES (?)')
    expect(['a', 'b'].map((name) => insert.run(name))).toEqual([
      { changes: 1, lastId: 1 },
      { changes: 1, lastId: 2 },
    ])
    const select = w.prepare<{ name: string }>('SELECT name FROM item WHERE id >= ? ORDER BY id')
    expect(select.get(2)).toEqual({ name: 'b' })
    expect(select.get(3)).toBeUndefined()
    expect(select.all(1)).toEqual([{ name: 'a' }, { name: 'b' }])
  })
})

test('many different texts work on the one connection', () => {
  for (let i = 0; i < 1200; i++) expect(t.db.read.get({ text: `SELECT ${i} AS n`, values: [] })).toEqual({ n: i })
  expect(t.db.read.get({ text: 'SELECT 0 AS n', values: [] })).toEqual({ n: 0 })
})

test('values are bound, never spliced, through nested fragments', () => {
  const evil = `'; DROP TABLE item; --`
  t.db.write((w) => add(w, evil))
  const conditions = [sql`name = ${evil}`, sql`id > ${0}`]
  expect(t.db.read.all(sql`SELECT name FROM item WHERE ${joinSql(conditions, ' AND ')} LIMIT ${5}`)).toEqual([{ name: evil }])
  expect(joinSql([], ' AND ')).toMatchObject({ text: '', values: [] })
})
