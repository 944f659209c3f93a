import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseError } from './databaseError'
import { openDriver } from './driver'
import { type OpenOptions, openDatabase, openReader } from './openDatabase'
import { cipherSettings, isSafeSqlite, refusedSettings, settings } from './settings'
import { sql } from './sql'
import { asOrdinaryUser, openTestDatabase, type TestDatabase } from './testing'

const canary = 'canary-7f3b9c-plaintext'
const migrations = [{ version: 1, name: 'note', up: 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT' }]

let t: TestDatabase
beforeEach(() => {
  t = openTestDatabase({ migrations })
})
afterEach(() => t.cleanup())

function addNotes(count: number) {
  t.db.write((w) => {
    for (let i = 0; i < count; i++) w.run(sql`INSERT INTO note (text) VALUES (${`${canary} ${i} ${'x'.repeat(200)}`})`)
  })
}

function problem(fn: () => unknown): DatabaseError {
  try {
    fn()
  } catch (error) {
    if (error instanceof DatabaseError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const open = (change: Partial<OpenOptions> = {}) =>
  openDatabase({ file: t.file, key: t.key, migrations, now: () => 0, ...change })

/** Closes the database, lets `damage` change a copy of its bytes, and gives back what opening it says. */
function openDamaged(damage: (bytes: Buffer) => Buffer): DatabaseError {
  t.db.close()
  const original = readFileSync(t.file)
  const damaged = damage(Buffer.from(original))
  writeFileSync(t.file, damaged)
  const error = problem(() => open())
  expect(readFileSync(t.file).equals(damaged)).toBe(true)
  writeFileSync(t.file, original)
  t.db = open()
  return error
}

describe('settings', () => {
  test.each([...cipherSettings, ...settings].map((setting) => [setting.pragma, setting.expected]))(
    'L1: %s reads back as %s after creating and after reopening',
    (pragma, expected) => {
      const read = () => Object.values(t.db.read.get<Record<string, unknown>>({ text: `PRAGMA ${pragma}`, values: [] }) ?? {})[0]
      expect(read()).toBe(expected)
      t.db = t.reopen()
      expect(read()).toBe(expected)
    },
  )

  test.each([...cipherSettings, ...settings].map((setting) => setting.pragma))(
    'L1: a %s that does not take is refused',
    (pragma) => {
      const all = [...cipherSettings, ...settings]
      const answers = new Map(all.map((setting) => [setting.pragma, setting.expected]))
      expect(refusedSettings((name) => answers.get(name), all)).toEqual([])
      answers.set(pragma, 'something else')
      expect(refusedSettings((name) => answers.get(name), all)).toEqual([pragma])
    },
  )

  test('L1: a file is not opened when a setting does not take, or when the engine is too old; it stays as it was', () => {
    t.db.close()
    const before = readFileSync(t.file)
    const impossible = [...settings, { pragma: 'synchronous', value: 'FULL', expected: 99 }]
    const error = problem(() => openDriver(t.file, t.key, 'existing', { settings: impossible, isSafe: () => true }))
    expect(error.kind).toBe('unsafe-settings')
    expect(error.log).toMatchObject({ refused: ['synchronous'] })
    expect(problem(() => openDriver(t.file, t.key, 'existing', { settings, isSafe: () => false })).kind).toBe('unsafe-settings')
    expect(readFileSync(t.file).equals(before)).toBe(true)
    t.db = open()
  })

  test.each([
    ['3.51.3', true],
    ['3.53.4', true],
    ['3.51.10', true],
    ['4.0.0', true],
    ['3.51.2', false],
    ['3.50.9', false],
    ['2.99.99', false],
    ['3.51', false],
    ['', false],
    ['x.y.z', false],
  ])('L1: SQLite %s is safe: %s', (version, safe) => {
    expect(isSafeSqlite(version)).toBe(safe)
  })
})

describe('what stands on the disk', () => {
  test('V14: neither the database nor its log holds plaintext, and both are for the owner alone', () => {
    addNotes(50)
    const files = readdirSync(t.dir)
    expect(files.sort()).toEqual(['countinghouse.db', 'countinghouse.db-shm', 'countinghouse.db-wal'])
    for (const name of files) {
      const path = join(t.dir, name)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(readFileSync(path).includes(canary)).toBe(false)
    }
    t.db.checkpoint()
    expect(statSync(t.file).size).toBeGreaterThan(4096 * 3)
    expect(readFileSync(t.file).includes(canary)).toBe(false)
    expect(readFileSync(t.file).includes('CREATE TABLE')).toBe(false)
  })

  test('a file that others could read is closed to them at the next open', () => {
    t.db.close()
    chmodSync(t.file, 0o644)
    t.db = open()
    expect(statSync(t.file).mode & 0o777).toBe(0o600)
  })

  test('the key given is not changed and not needed afterwards', () => {
    t.db.close()
    const key = Uint8Array.from(t.key)
    t.db = open({ key })
    expect(key).toEqual(t.key)
    key.fill(0)
    addNotes(1)
    expect(t.db.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 1 })
  })
})

describe('refusals', () => {
  test('another key: refused, nothing changed', () => {
    addNotes(5)
    t.db.close()
    const before = readFileSync(t.file)
    const error = problem(() => open({ key: randomBytes(32) }))
    expect(error.kind).toBe('wrong-key')
    expect(readFileSync(t.file).equals(before)).toBe(true)
    t.db = open()
    expect(t.db.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 5 })
  })

  test('a key of another length is a mistake of the caller', () => {
    expect(() => open({ key: randomBytes(31) })).toThrow(RangeError)
  })

  test('a missing or empty file is damage, never a new database', () => {
    t.db.close()
    rmSync(t.file)
    expect(problem(() => open()).kind).toBe('damaged')
    expect(existsSync(t.file)).toBe(false)
    writeFileSync(t.file, '')
    expect(problem(() => open()).kind).toBe('damaged')
    expect(statSync(t.file).size).toBe(0)
  })

  test.each([1, 100, 4095, 4096, 4096 * 2, 4096 * 5])('a file cut by %i bytes is damage', (cut) => {
    addNotes(100)
    expect(openDamaged((bytes) => bytes.subarray(0, bytes.length - cut)).kind).toBe('damaged')
  })

  test('a file cut to less than a page is damage', () => {
    expect(openDamaged((bytes) => bytes.subarray(0, 100)).kind).toBe('damaged')
  })

  test('every flipped bit of the plain header bytes is refused', () => {
    for (let bit = 16 * 8; bit < 24 * 8; bit++) {
      const error = openDamaged((bytes) => {
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        return bytes
      })
      expect(['damaged', 'wrong-key']).toContain(error.kind)
    }
  })

  test('a flipped byte anywhere in page 1 after the salt is refused', () => {
    for (let at = 24; at < 4096; at += 97) {
      const error = openDamaged((bytes) => {
        bytes[at] = (bytes[at] ?? 0) ^ 0x40
        return bytes
      })
      expect(error.kind).toBe('wrong-key')
    }
  })

  test('a flipped bit in any page, a page moved and pages cut off are found before the file is used', () => {
    addNotes(100)
    const flipped = (at: number) => (bytes: Buffer) => {
      bytes[at] = (bytes[at] ?? 0) ^ 1
      return bytes
    }
    const { size } = statSync(t.file)
    for (let at = 4096 + 700; at < size; at += 4096) expect(openDamaged(flipped(at)).kind).toBe('damaged')
    expect(openDamaged((bytes) => bytes.subarray(0, -4096)).kind).toBe('damaged')
    expect(
      openDamaged((bytes) => Buffer.concat([bytes.subarray(0, 8192), bytes.subarray(4096, 8192), bytes.subarray(12_288)])).kind,
    ).toBe('damaged')
  })

  test('a flipped byte in a page of a file too large to be read whole: the read that meets it says so, no wrong row is given', () => {
    addNotes(100)
    t.db.close()
    const bytes = readFileSync(t.file)
    const at = bytes.length - 2000
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(t.file, bytes)
    t.db = open({ checkWholeUpTo: 0 })
    expect(problem(() => t.db.read.all(sql`SELECT * FROM note`)).kind).toBe('damaged')
    expect(problem(() => [...t.db.read.iterate(sql`SELECT * FROM note`)]).kind).toBe('damaged')
    expect(problem(() => t.db.read.get(sql`SELECT max(text) FROM note`)).kind).toBe('damaged')
    expect(problem(() => t.db.write((w) => w.run(sql`UPDATE note SET text = 'y'`))).kind).toBe('damaged')
  })

  test('a page moved to the place of another is refused', () => {
    addNotes(100)
    t.db.close()
    const bytes = readFileSync(t.file)
    const page = (n: number) => Buffer.from(bytes.subarray(n * 4096, (n + 1) * 4096))
    const [third, fourth] = [page(3), page(4)]
    fourth.copy(bytes, 3 * 4096)
    third.copy(bytes, 4 * 4096)
    writeFileSync(t.file, bytes)
    t.db = open({ checkWholeUpTo: 0 })
    expect(problem(() => t.db.read.all(sql`SELECT * FROM note`)).kind).toBe('damaged')
  })

  test('a database of a newer version is refused and left as it is', () => {
    t.db.close()
    t.db = open({ migrations: [...migrations, { version: 7, name: 'later', up: 'CREATE TABLE later (id INTEGER) STRICT' }] })
    t.db.close()
    const before = readFileSync(t.file)
    expect(problem(() => open()).kind).toBe('newer')
    expect(readFileSync(t.file).equals(before)).toBe(true)
    expect(
      readdirSync(t.dir)
        .filter((name) => !name.includes('.before-'))
        .sort(),
    ).toEqual(['countinghouse.db'])
  })

  test('creating where a database stands is refused', () => {
    const error = problem(() => open({ create: true }))
    expect(error.kind).toBe('damaged')
    expect(t.db.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 0 })
  })

  test('a creation that fails leaves nothing behind', () => {
    const file = join(t.dir, 'other.db')
    const bad = [{ version: 1, name: 'bad', up: 'CREATE TABLE broken (' }]
    expect(problem(() => open({ file, create: true, migrations: bad })).kind).toBe('migration-failed')
    expect(readdirSync(t.dir).filter((name) => name.startsWith('other'))).toEqual([])
  })

  test('L3: a folder in the way of the file: clear words', () => {
    const file = join(t.dir, 'folder.db')
    mkdirSync(file)
    expect(problem(() => open({ file })).message).not.toContain(t.dir)
    expect(problem(() => open({ file, create: true })).kind).toBe('damaged')
  })

  test('L3: a read-only folder or file: refused with clear words, nothing changed', () => {
    addNotes(3)
    t.db.close()
    chmodSync(t.file, 0o444)
    chmodSync(t.dir, 0o555)
    const error = asOrdinaryUser(() => problem(() => open()))
    const creation = asOrdinaryUser(() => problem(() => open({ file: join(t.dir, 'new.db'), create: true })))
    chmodSync(t.dir, 0o700)
    expect(error.kind).toBe('read-only')
    expect(creation.kind).toBe('read-only')
    expect(readdirSync(t.dir)).toEqual(['countinghouse.db'])
    t.db = open()
    expect(t.db.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 3 })
  })

  test('L3: something in the way of the log file: refused, and well again when it is gone', () => {
    t.db.close()
    const wal = `${t.file}-wal`
    mkdirSync(wal)
    expect(problem(() => open()).kind).toBe('read-only')
    rmSync(wal, { recursive: true })
    t.db = open()
    addNotes(1)
  })

  test('no message of any kind holds a path', () => {
    t.db.close()
    truncateSync(t.file, 100)
    const error = problem(() => open())
    expect(error.message).not.toContain(t.dir)
    expect(JSON.stringify(error.toBody())).not.toContain(t.dir)
    expect(error.log).toMatchObject({ file: t.file })
  })
})

test('L2: a last page that a power cut left in part during a checkpoint comes back from the log', () => {
  addNotes(200)
  const cut = join(t.dir, 'cut.db')
  copyFileSync(t.file, cut)
  copyFileSync(`${t.file}-wal`, `${cut}-wal`)
  writeFileSync(cut, Buffer.concat([readFileSync(t.file), Buffer.alloc(512, 7)]))
  const db = open({ file: cut })
  expect(db.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 200 })
  expect(db.read.get(sql`PRAGMA integrity_check`)).toEqual({ integrity_check: 'ok' })
  db.close()
  writeFileSync(cut, Buffer.concat([readFileSync(cut), Buffer.alloc(512, 7)]))
  expect(problem(() => open({ file: cut })).kind).toBe('damaged')
})

test('L3: a full database: the action halts and says so, nothing of it stays, and work goes on when there is room', () => {
  addNotes(10)
  const { pages } = t.db.read.get<{ pages: number }>(sql`SELECT page_count AS pages FROM pragma_page_count`) ?? { pages: 0 }
  const limit = (count: number) => void t.db.read.get({ text: `PRAGMA max_page_count = ${count}`, values: [] })
  limit(pages + 2)
  expect(problem(() => addNotes(500)).kind).toBe('no-space')
  expect(t.db.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 10 })
  limit(1_000_000)
  addNotes(500)
  expect(t.db.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 510 })
})

test('a reader sees what is committed and cannot write', () => {
  addNotes(2)
  const reader = openReader({ file: t.file, key: t.key })
  expect(reader.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 2 })
  const slow = reader.read.iterate<{ id: number }>(sql`SELECT id FROM note ORDER BY id`)
  expect(slow.next().value).toEqual({ id: 1 })
  addNotes(1)
  expect([...slow]).toEqual([{ id: 2 }])
  expect(problem(() => reader.read.get(sql`DELETE FROM note RETURNING id`)).kind).toBe('read-only')
  reader.close()
  expect(t.db.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 3 })
})

test('a copied database opens with the key alone', () => {
  addNotes(4)
  t.db.checkpoint()
  const copy = join(t.dir, 'copy.db')
  copyFileSync(t.file, copy)
  const reader = openReader({ file: copy, key: t.key })
  expect(reader.read.get(sql`SELECT count(*) AS n FROM note`)).toEqual({ n: 4 })
  reader.close()
})
