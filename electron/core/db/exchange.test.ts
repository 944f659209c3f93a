import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from './connection'
import { changeKey, openDriver } from './driver'
import { copyUnderKey, type Exchange, type ExchangeStep, nextFileOf, settleExchange } from './exchange'
import { openDatabase } from './openDatabase'
import { settings } from './settings'
import { sql } from './sql'
import { openTestDatabase, type TestDatabase } from './testing'

const migrations = [{ version: 1, name: 'item', up: 'CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT' }]
const newKey = new Uint8Array(randomBytes(32))
const kind = (kind: string) => expect.objectContaining({ kind })

let t: TestDatabase
let others: string[]
beforeEach(() => {
  t = openTestDatabase({ migrations })
  others = []
  add('first')
})
afterEach(() => {
  t.cleanup()
  for (const dir of others) rmSync(dir, { recursive: true, force: true })
})

const add = (name: string, to: Database = t.db) => to.write((w) => w.run(sql`INSERT INTO item (name) VALUES (${name})`))
const names = (of: Database = t.db) =>
  of.read.all<{ name: string }>(sql`SELECT name FROM item ORDER BY id`).map(({ name }) => name)
const open = (file: string, key: Uint8Array) => openDatabase({ file, key, migrations, now: () => 0 })
const next = () => nextFileOf(t.file)

function committing(): Pick<Exchange, 'commit' | 'isCommitted'> {
  let isCommitted = false
  return {
    commit: () => {
      isCommitted = true
    },
    isCommitted: () => isCommitted,
  }
}

function copy(to = next()): void {
  const source = openDriver(t.file, t.key, 'readonly')
  try {
    copyUnderKey(source, { key: t.key, newKey }, to)
  } finally {
    source.close()
  }
}

/** Copies the database and exchanges it, all as it is meant to be but for `changes`. */
const exchanged = (changes: Partial<Exchange> = {}) =>
  t.db.still(async (exchange) => {
    copy()
    exchange({ key: t.key, newKey, ...committing(), ...changes })
  })

/** What a process that is killed at this instant leaves behind. */
function snapshot(): string {
  const dir = mkdtempSync(join(tmpdir(), 'countinghouse-exchange-'))
  others.push(dir)
  cpSync(t.dir, dir, { recursive: true })
  return join(dir, basename(t.file))
}

describe('a copy under another key', () => {
  test('L1: opens with the new key alone, in WAL mode, and keeps every setting', () => {
    copy()
    expect(() => openDriver(next(), t.key, 'existing')).toThrow(kind('wrong-key'))
    const driver = openDriver(next(), newKey, 'existing')
    for (const { pragma, expected } of settings)
      expect([pragma, driver.pragma(pragma, { simple: true })]).toEqual([pragma, expected])
    expect([driver.pragma('cipher', { simple: true }), driver.pragma('algorithm', { simple: true })]).toEqual([
      'aegis',
      'aegis-256',
    ])
    expect(driver.pragma('integrity_check', { simple: true })).toBe('ok')
    driver.close()
    const copied = open(next(), newKey)
    expect(names(copied)).toEqual(['first'])
    copied.close()
  })

  test('is its owner’s alone, leaves nothing beside it, holds no page that nothing refers to, and each of the others opens', () => {
    for (let n = 0; n < 300; n++) add(`item ${n} ${'x'.repeat(200)}`)
    t.db.write((w) => w.run(sql`DELETE FROM item WHERE id % 2 = 0`))
    copy()
    expect(statSync(next()).mode & 0o777).toBe(0o600)
    expect(readdirSync(t.dir).filter((name) => name.includes('.next'))).toEqual([basename(next())])
    const driver = openDriver(next(), newKey, 'existing')
    expect(driver.pragma('page_count', { simple: true })).toBeGreaterThan(5)
    expect(driver.pragma('freelist_count', { simple: true })).toBe(0)
    expect(driver.pragma('integrity_check', { simple: true })).toBe('ok')
    driver.close()
  })

  test('a key of another length changes nothing', () => {
    const driver = openDriver(t.file, t.key, 'existing')
    expect(() => changeKey(driver, new Uint8Array(16))).toThrow(RangeError)
    driver.close()
    expect(names(t.reopen())).toEqual(['first'])
  })
})

describe('while the database stands still', () => {
  test('it is read, and nobody writes, neither at once nor in a held transaction; afterwards all go on', async () => {
    const held = t.db.hold()
    held.run((w) => w.run(sql`INSERT INTO item (name) VALUES ('held')`))
    let told = 0
    t.db.afterCommit(() => told++)
    const value = await t.db.still(async () => {
      expect([t.db.isStill, told]).toEqual([true, 1])
      expect(() => add('second')).toThrow(kind('key-change'))
      expect(() => held.run((w) => w.run(sql`DELETE FROM item`))).toThrow(kind('key-change'))
      await expect(t.db.still(async () => 1)).rejects.toThrow(kind('key-change'))
      return names()
    })
    expect(value).toEqual(['first', 'held'])
    expect([t.db.isStill, told]).toEqual([false, 2])
    held.run((w) => w.run(sql`INSERT INTO item (name) VALUES ('held again')`))
    held.commit()
    add('third')
    expect(names()).toEqual(['first', 'held', 'held again', 'third'])
  })

  test('what fails in it ends it, and a copy that was not used is gone', async () => {
    const failing = t.db.still(async () => {
      copy()
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(existsSync(next())).toBe(false)
    add('second')
    expect(names()).toEqual(['first', 'second'])
  })
})

describe('an exchange', () => {
  test('goes on with the new file: what stood there stands there, and what is written is written under the new key', async () => {
    names()
    await exchanged()
    expect(names()).toEqual(['first'])
    add('second')
    t.db.close()
    expect(() => open(t.file, t.key)).toThrow(kind('wrong-key'))
    t.db = open(t.file, newKey)
    expect(names()).toEqual(['first', 'second'])
    expect(existsSync(next())).toBe(false)
  })

  test('L2: cut off at any step it leaves the old file before the commit and the new one after it, each under one key', async () => {
    const cuts = new Map<ExchangeStep | 'copied', string>()
    await t.db.still(async (exchange) => {
      copy()
      cuts.set('copied', snapshot())
      exchange({ key: t.key, newKey, ...committing(), reached: (step) => cuts.set(step, snapshot()) })
    })
    expect([...cuts.keys()]).toEqual(['copied', 'closed', 'cleared', 'committed', 'placed', 'opened'])
    for (const [step, file] of cuts) {
      const isCommitted = step === 'committed' || step === 'placed' || step === 'opened'
      const [right, wrong] = isCommitted ? [newKey, t.key] : [t.key, newKey]
      settleExchange(file, right, !isCommitted)
      expect([step, existsSync(nextFileOf(file))]).toEqual([step, false])
      expect(() => open(file, wrong)).toThrow(kind('wrong-key'))
      const opened = open(file, right)
      expect([step, names(opened)]).toEqual([step, ['first']])
      opened.close()
    }
  })

  test('what is written after a cut that was not committed is not lost to a copy that was left behind', async () => {
    const file = await new Promise<string>((resolve, reject) => {
      exchanged({ reached: (step) => step === 'cleared' && resolve(snapshot()) }).catch(reject)
    })
    const opened = open(file, t.key)
    add('second', opened)
    opened.close()
    settleExchange(file, t.key, false)
    const again = open(file, t.key)
    expect(names(again)).toEqual(['first', 'second'])
    again.close()
  })

  const full = () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  }

  test('when the new key cannot be committed, the old file is in use again and can be written', async () => {
    await expect(exchanged({ commit: full })).rejects.toThrow(kind('no-space'))
    expect(existsSync(next())).toBe(false)
    add('second')
    expect(names(t.reopen())).toEqual(['first', 'second'])
  })

  test('a commit that failed after it had happened is one', async () => {
    await exchanged({ commit: full, isCommitted: () => true })
    add('second')
    t.db.close()
    t.db = open(t.file, newKey)
    expect(names()).toEqual(['first', 'second'])
  })

  test('where nobody can say whether it happened, nothing goes on and both files stay', async () => {
    const isCommitted = () => {
      throw new Error('unreadable')
    }
    await expect(exchanged({ commit: full, isCommitted })).rejects.toThrow(kind('not-in-place'))
    expect([existsSync(next()), existsSync(t.file)]).toEqual([true, true])
    t.db = open(t.file, t.key)
    expect(names()).toEqual(['first'])
  })

  test('when the file cannot be put in its place, nothing goes on until the next opening, which finishes it', async () => {
    names()
    const reached = (step: ExchangeStep) => {
      if (step === 'committed') throw Object.assign(new Error('busy'), { code: 'EBUSY' })
    }
    await expect(exchanged({ reached })).rejects.toThrow(kind('not-in-place'))
    for (const use of [
      () => names(),
      () => add('second'),
      () => t.db.hold().run(() => 1),
      () => [...t.db.read.iterate(sql`SELECT 1`)],
    ])
      expect(use).toThrow(kind('not-in-place'))
    await expect(t.db.still(async () => 1)).rejects.toThrow(kind('not-in-place'))
    t.db.checkpoint()
    t.db.close()
    expect(() => open(t.file, newKey)).toThrow(kind('wrong-key'))
    settleExchange(t.file, newKey, false)
    t.db = open(t.file, newKey)
    expect(names()).toEqual(['first'])
  })

  test('is refused when another connection wrote meanwhile; what it wrote stays', async () => {
    const writing = t.db.still(async (exchange) => {
      copy()
      const other = openDriver(t.file, t.key, 'existing')
      other.exec("INSERT INTO item (name) VALUES ('other')")
      exchange({ key: t.key, newKey, ...committing() })
      other.close()
    })
    await expect(writing).rejects.toThrow('written to')
    expect(names(t.reopen())).toEqual(['first', 'other'])
  })
})

describe('at an opening', () => {
  test('a copy that opens with another key than the database’s is left alone', () => {
    copy()
    settleExchange(t.file, t.key, false)
    expect([existsSync(next()), names(t.reopen())]).toEqual([true, ['first']])
  })

  test('a damaged copy is not put in place, and the reason is given', () => {
    writeFileSync(next(), Buffer.alloc(8192))
    expect(() => settleExchange(t.file, newKey, false)).toThrow(kind('damaged'))
    expect(existsSync(next())).toBe(true)
  })

  test('where there is no copy, nothing is done', () => {
    const before = readdirSync(t.dir)
    settleExchange(t.file, t.key, true)
    expect(readdirSync(t.dir)).toEqual(before)
  })
})
