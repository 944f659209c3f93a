import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HeldWrite, WriteDb } from './connection'
import { openReader } from './openDatabase'
import { sql } from './sql'
import { openTestDatabase, type TestDatabase } from './testing'

const migrations = [
  {
    version: 1,
    name: 'item',
    up: `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, next INTEGER
      REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED) STRICT`,
  },
]

let t: TestDatabase
let held: HeldWrite
beforeEach(() => {
  t = openTestDatabase({ migrations })
  held = t.db.hold()
})
afterEach(() => t.cleanup())

const add = (w: WriteDb, name: string) => w.run(sql`INSERT INTO item (name) VALUES (${name})`)
const text = sql`SELECT name FROM item ORDER BY id`
const names = () => t.db.read.all<{ name: string }>(text).map(({ name }) => name)

/** What another process would find after a kill. */
function committed(): string[] {
  const reader = openReader({ file: t.file, key: t.key })
  try {
    return reader.read.all<{ name: string }>(text).map(({ name }) => name)
  } finally {
    reader.close()
  }
}

describe('a held write', () => {
  test('gathers pieces of work until its commit', () => {
    expect(held.run((w) => add(w, 'a').lastId)).toBe(1)
    held.run((w) => add(w, 'b'))
    expect(names()).toEqual(['a', 'b'])
    expect(committed()).toEqual([])
    held.commit()
    expect(committed()).toEqual(['a', 'b'])
    held.run((w) => add(w, 'c'))
    held.commit()
    expect(committed()).toEqual(['a', 'b', 'c'])
  })

  test('is committed before any other write, and is not undone with it', () => {
    held.run((w) => add(w, 'a'))
    expect(() =>
      t.db.write((w) => {
        add(w, 'b')
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(committed()).toEqual(['a'])
    const other = t.db.hold()
    held.run((w) => add(w, 'c'))
    other.run((w) => add(w, 'd'))
    expect(committed()).toEqual(['a', 'c'])
    other.rollback()
    held.commit()
    expect(committed()).toEqual(['a', 'c'])
  })

  test('is committed before a checkpoint', () => {
    held.run((w) => add(w, 'a'))
    t.db.checkpoint()
    expect(committed()).toEqual(['a'])
  })

  test('drops what is open on a rollback, and nothing else', () => {
    held.run((w) => add(w, 'a'))
    held.commit()
    held.run((w) => add(w, 'b'))
    held.rollback()
    held.rollback()
    expect(names()).toEqual(['a'])
    held.commit()
    expect(committed()).toEqual(['a'])
  })

  test('loses all since its last commit when a piece throws, also asynchronously', () => {
    held.run((w) => add(w, 'a'))
    expect(() => held.run((w) => add(w, 'a'))).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_UNIQUE' }))
    expect(names()).toEqual([])
    held.run((w) => add(w, 'b'))
    expect(() => held.run(async (w) => void add(w, 'c'))).toThrow('promise')
    expect(names()).toEqual([])
    t.db.write((w) => add(w, 'd'))
    expect(committed()).toEqual(['d'])
  })

  test('refuses to be nested, either way round', () => {
    expect(() => held.run(() => t.db.write((w) => add(w, 'a')))).toThrow('already open')
    expect(() => held.run(() => held.run((w) => add(w, 'a')))).toThrow('already open')
    expect(() => t.db.write(() => held.run((w) => add(w, 'a')))).toThrow('already open')
    expect(() => t.db.write(() => t.db.checkpoint())).toThrow('already open')
    expect(committed()).toEqual([])
  })

  test('lends its WriteDb for the piece alone', () => {
    const kept = held.run((w) => w)
    expect(() => add(kept, 'late')).toThrow('no write transaction')
  })

  test('keeps a failed commit for its owner: the write that came between goes on', () => {
    held.run((w) => w.run(sql`INSERT INTO item (name, next) VALUES ('dangling', 99)`))
    t.db.write((w) => add(w, 'other'))
    expect(committed()).toEqual(['other'])
    const failure = expect.objectContaining({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
    expect(() => held.run((w) => add(w, 'more'))).toThrow(failure)
    expect(() => held.commit()).toThrow(failure)
    expect(committed()).toEqual(['other'])
  })

  test('is checked and heard of as any write', () => {
    const heard: string[][] = []
    t.db.afterCommit(() => heard.push(committed()))
    t.db.beforeCommit((w) => {
      if (w.get(sql`SELECT 1 FROM item WHERE name = 'forbidden'`)) throw new Error('refused')
    })
    held.run((w) => add(w, 'a'))
    expect(heard).toEqual([])
    t.db.write((w) => add(w, 'b'))
    expect(heard).toEqual([['a'], ['a', 'b']])
    held.run((w) => add(w, 'forbidden'))
    expect(() => held.commit()).toThrow('refused')
    expect(names()).toEqual(['a', 'b'])
  })

  test('L3: ends when the engine rolled back on its own and the caller swallowed it', () => {
    held.run((w) => add(w, 'before'))
    const { pages } = t.db.read.get<{ pages: number }>(sql`SELECT page_count AS pages FROM pragma_page_count`) ?? { pages: 0 }
    t.db.read.get({ text: `PRAGMA max_page_count = ${pages}`, values: [] })
    const fill = () =>
      held.run((w) => {
        for (let i = 0; i < 200; i++) {
          try {
            t.db.savepoint(w, () => add(w, `${i}${'x'.repeat(1000)}`))
          } catch {
            // what is refused is left out
          }
        }
      })
    expect(fill).toThrow('rolled back')
    expect(names()).toEqual([])
  })
})
