import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ReadDb } from '../db/index'
import { openTestDesk, type TestDesk } from '../payments/testing'
import { insertCustomer, updateProfile } from './customers.repository'
import { CustomerDirectory } from './directory'

let desk: TestDesk
beforeEach(() => {
  desk = openTestDesk()
})
afterEach(() => desk.cleanup())

const insert = (names: readonly string[], businessId = desk.businessId) =>
  desk.db.write((w) =>
    names.map((name, n) => insertCustomer(w, businessId, { name, email: `c${n}@x.example`, address: null }, desk.at)),
  )
const rename = (id: string, name: string) => desk.db.write((w) => updateProfile(w, id, { name }))
const all = (directory: CustomerDirectory, query = '', businessId = desk.businessId) =>
  directory.page(desk.read, businessId, { query, after: null, limit: 100_000 })

/** A connection that tells how often customers were opened through it. */
function counting(inner: ReadDb): ReadDb & { reads: number } {
  const counted = {
    ...inner,
    reads: 0,
    all: <Row>(query: Parameters<ReadDb['all']>[0]) => {
      counted.reads += 1
      return inner.all<Row>(query)
    },
  }
  return counted
}

/** A clock on which every look takes so many milliseconds. */
const clockOf = (step: number) => {
  let now = 0
  return () => {
    now += step
    return now
  }
}

const word = fc.constantFrom('Ångström', 'angstrom', 'Zoë', 'zoe', 'Łukasz', 'Bob', 'BOB', 'Anna')

test('a warmed directory says the same as a cold one, whatever was written before, meanwhile and after', async () => {
  const write = fc.record({
    name: fc.tuple(word, word).map((words) => words.join(' ')),
    pick: fc.option(fc.nat(), { nil: null }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 400 }), fc.array(write, { maxLength: 20 }), async (before, meanwhile) => {
      const ids: string[] = []
      const carryOut = ({ name, pick }: { name: string; pick: number | null }) => {
        const id = pick === null ? undefined : ids[pick % ids.length]
        if (id === undefined) ids.push(...insert([name]))
        else rename(id, name)
      }
      for (const next of before) carryOut(next)
      const warmed = new CustomerDirectory(clockOf(25))
      const warming = warmed.warm(desk.read, [desk.businessId, desk.otherId])
      for (const next of meanwhile) {
        await setImmediate()
        carryOut(next)
      }
      await warming
      for (const query of ['', 'ang', 'zoe bob', 'c1@']) {
        expect(await all(warmed, query)).toEqual(await all(new CustomerDirectory(), query))
        const search = (directory: CustomerDirectory) => directory.search(desk.read, desk.businessId, query)
        expect(await search(warmed)).toEqual(await search(new CustomerDirectory()))
      }
    }),
    { numRuns: 20 },
  )
}, 60_000)

test('warming gives way after every stretch, and the first list then opens nothing again', async () => {
  insert(Array.from({ length: 1234 }, (_, n) => `Customer ${(n * 7919) % 1300}`))
  const db = counting(desk.read)
  const directory = new CustomerDirectory(clockOf(25))
  let isDone = false
  const warming = directory.warm(db, [desk.businessId]).then(() => {
    isDone = true
  })
  const perTurn: number[] = []
  for (let before = 0; !isDone; before = db.reads) {
    await setImmediate()
    perTurn.push(db.reads - before)
  }
  await warming
  expect(Math.max(...perTurn)).toBe(1)
  expect(perTurn.reduce((sum, reads) => sum + reads, 0)).toBe(13)

  db.reads = 0
  const { businessId } = desk
  expect(await directory.page(db, businessId, { query: '', after: null, limit: 2000 })).toHaveLength(1234)
  expect(db.reads).toBe(1)
})

test('a list asked for while warming waits for it instead of reading everything a second time', async () => {
  insert(Array.from({ length: 500 }, (_, n) => `Customer ${n}`))
  const db = counting(desk.read)
  const directory = new CustomerDirectory(clockOf(25))
  const warming = directory.warm(db, [desk.businessId])
  await setImmediate()
  const page = await directory.page(db, desk.businessId, { query: '', after: null, limit: 1000 })
  await warming
  expect([page.length, db.reads]).toEqual([500, 7])
})

test('locking ends the warming quietly and leaves nothing of it; what goes wrong otherwise is told', async () => {
  insert(Array.from({ length: 500 }, (_, n) => `Customer ${n}`))
  insert(['Other'], desk.otherId)
  const db = counting(desk.read)
  const directory = new CustomerDirectory(clockOf(25))
  const warming = directory.warm(db, [desk.businessId, desk.otherId])
  await setImmediate()
  directory.clear()
  await warming
  const read = db.reads
  await setImmediate()
  expect([read, db.reads]).toEqual([1, 1])
  expect(await all(directory)).toHaveLength(500)

  const broken: ReadDb = {
    ...desk.read,
    all: () => {
      throw new Error('the disk is gone')
    },
  }
  await expect(new CustomerDirectory().warm(broken, [desk.businessId])).rejects.toThrow('the disk is gone')
})
