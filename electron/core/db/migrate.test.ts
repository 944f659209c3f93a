import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DatabaseError } from './databaseError'
import { openDriver } from './driver'
import { checkFreeSpace, checkMigrationList, copyDatabase, freeBytesOf, type Migration } from './migrate'
import { migrations as allMigrations } from './migrations'
import { openDatabase, openReader } from './openDatabase'
import { sql } from './sql'
import { openTestDatabase, type TestDatabase } from './testing'

const first: Migration = {
  version: 1,
  name: 'first',
  up: 'CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT',
}
const second: Migration = {
  version: 2,
  name: 'second',
  up: (driver) => {
    driver.exec(`ALTER TABLE item ADD COLUMN upper TEXT`)
    driver.prepare('UPDATE item SET upper = upper(name)').run()
  },
}
const third: Migration = {
  version: 5,
  name: 'third',
  up: 'CREATE TABLE other (id INTEGER PRIMARY KEY REFERENCES item (id)) STRICT',
}

let t: TestDatabase
let time = 1000
beforeEach(() => {
  t = openTestDatabase({ migrations: [first] })
  t.db.write((w) => {
    for (const name of ['a', 'b', 'c']) w.run(sql`INSERT INTO item (name) VALUES (${name})`)
  })
})
afterEach(() => t.cleanup())

function upgrade(migrations: readonly Migration[], freeBytes?: (dir: string) => number) {
  t.db.close()
  time += 1000
  t.db = openDatabase({
    file: t.file,
    key: t.key,
    migrations,
    now: () => time,
    checkWholeUpTo: 0,
    ...(freeBytes ? { freeBytes } : {}),
  })
}

function refusal(migrations: readonly Migration[], freeBytes?: (dir: string) => number): DatabaseError {
  try {
    upgrade(migrations, freeBytes)
  } catch (error) {
    if (error instanceof DatabaseError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const version = () => t.db.read.get(sql`SELECT user_version AS v FROM pragma_user_version`)
const backups = () =>
  readdirSync(t.dir)
    .filter((name) => name.endsWith('.backup'))
    .sort()
const strays = () => readdirSync(t.dir).filter((name) => name.includes('.partial'))

test('the shipped list is in order', () => {
  expect(() => checkMigrationList(allMigrations)).not.toThrow()
  expect(allMigrations[0]?.version).toBe(1)
})

test.each([
  ['versions that fall', [second, first]],
  ['a version twice', [first, { ...second, version: 1 }]],
  ['version zero', [{ ...first, version: 0 }]],
  ['half a version', [{ ...first, version: 1.5 }]],
  ['a name twice', [first, { ...second, name: 'first' }]],
])('a list with %s is refused', (_, list) => {
  expect(() => checkMigrationList(list)).toThrow()
})

test('a new database is migrated without a backup, and opening it again does nothing', () => {
  expect(version()).toEqual({ v: 1 })
  upgrade([first])
  expect(backups()).toEqual([])
})

test('pending steps are applied in order, data moved, the version stamped, a verified backup left', () => {
  upgrade([first, second, third])
  expect(version()).toEqual({ v: 5 })
  expect(t.db.read.all(sql`SELECT name, upper FROM item ORDER BY id`)).toEqual([
    { name: 'a', upper: 'A' },
    { name: 'b', upper: 'B' },
    { name: 'c', upper: 'C' },
  ])
  expect(backups()).toEqual([`countinghouse.db.before-5.${time}.backup`])
  expect(strays()).toEqual([])
})

test('V9: the backup is the database as it was, encrypted with the same key, for the owner alone', () => {
  upgrade([first, second])
  const file = join(t.dir, backups()[0] ?? '')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file).includes('CREATE TABLE')).toBe(false)
  const backup = openReader({ file, key: t.key })
  expect(backup.read.all(sql`SELECT * FROM item`)).toEqual([
    { id: 1, name: 'a' },
    { id: 2, name: 'b' },
    { id: 3, name: 'c' },
  ])
  expect(backup.read.get(sql`SELECT user_version AS v FROM pragma_user_version`)).toEqual({ v: 1 })
  backup.close()
  expect(() => openReader({ file, key: new Uint8Array(32) })).toThrow(expect.objectContaining({ kind: 'wrong-key' }))
})

test('a step that fails leaves the old schema and data in use, also when steps before it succeeded', () => {
  const broken: Migration = { version: 5, name: 'broken', up: 'INSERT INTO nowhere VALUES (1)' }
  const error = refusal([first, second, broken])
  expect(error.kind).toBe('migration-failed')
  upgrade([first])
  expect(version()).toEqual({ v: 1 })
  expect(t.db.read.all(sql`SELECT * FROM item`)).toHaveLength(3)
})

test('a step that leaves a foreign key pointing nowhere is undone', () => {
  const dangling: Migration = {
    version: 2,
    name: 'dangling',
    up: `CREATE TABLE child (id INTEGER PRIMARY KEY, item_id INTEGER REFERENCES item (id)) STRICT;
      INSERT INTO child (item_id) VALUES (999);`,
  }
  expect(refusal([first, dangling]).kind).toBe('migration-failed')
  upgrade([first])
  expect(version()).toEqual({ v: 1 })
})

test('a table may be rebuilt although others point to it', () => {
  upgrade([first, third])
  t.db.write((w) => w.run(sql`INSERT INTO other (id) VALUES (1)`))
  const rebuild: Migration = {
    version: 6,
    name: 'rebuild',
    up: `CREATE TABLE item_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT) STRICT;
      INSERT INTO item_new (id, name) SELECT id, name FROM item;
      DROP TABLE item;
      ALTER TABLE item_new RENAME TO item;`,
  }
  upgrade([first, third, rebuild])
  expect(t.db.read.all(sql`SELECT id FROM item JOIN other USING (id)`)).toEqual([{ id: 1 }])
  expect(t.db.read.get(sql`PRAGMA foreign_keys`)).toEqual({ foreign_keys: 1 })
  expect(() => t.db.write((w) => w.run(sql`INSERT INTO other (id) VALUES (999)`))).toThrow('FOREIGN KEY')
})

test('L3: too little free space: refused with both figures, no backup begun, the old file in use', () => {
  t.db.checkpoint()
  const needed = Math.ceil(statSync(t.file).size * 2.2)
  const asked: string[] = []
  const error = refusal([first, second], (dir) => {
    asked.push(dir)
    return needed - 1
  })
  expect(error.kind).toBe('no-space')
  expect(error.message).toMatch(/\d+ MB are needed, \d+ MB are free/)
  expect(asked).toEqual([t.dir])
  expect([...backups(), ...strays()]).toEqual([])
  upgrade([first])
  expect(version()).toEqual({ v: 1 })
  upgrade([first, second], () => needed)
  expect(version()).toEqual({ v: 2 })
})

test('the log counts toward the space needed', () => {
  const file = join(t.dir, 'sized')
  writeFileSync(file, Buffer.alloc(1000))
  writeFileSync(`${file}-wal`, Buffer.alloc(500))
  expect(() => checkFreeSpace(file, () => 3300)).not.toThrow()
  expect(() => checkFreeSpace(file, () => 3299)).toThrow(expect.objectContaining({ kind: 'no-space' }))
  expect(freeBytesOf(t.dir)).toBeGreaterThan(0)
  expect(() => checkFreeSpace(file)).not.toThrow()
})

test('a newer database asks for neither space nor backup', () => {
  upgrade([first, second])
  const before = backups()
  expect(refusal([first], () => 0).kind).toBe('newer')
  expect(backups()).toEqual(before)
  upgrade([first, second])
})

test('the newest three backups are kept', () => {
  const list = [first]
  for (let version = 2; version <= 6; version++) {
    list.push({ version, name: `step ${version}`, up: `CREATE TABLE t${version} (id INTEGER) STRICT` })
    upgrade(list)
  }
  expect(backups().map((name) => name.split('.')[2])).toEqual(['before-4', 'before-5', 'before-6'])
})

test('V9: a copy that went wrong on the disk is refused and removed', () => {
  t.db.write((w) => {
    for (let i = 0; i < 200; i++) w.run(sql`INSERT INTO item (name) VALUES (${'x'.repeat(300)})`)
  })
  const driver = openDriver(t.file, t.key, 'existing')
  const failing = new Proxy(driver, {
    get: (_, name) =>
      name === 'prepare'
        ? (text: string) => ({
            run: (target: string) => {
              driver.prepare(text).run(target)
              const bytes = readFileSync(target)
              const at = bytes.length - 100
              bytes[at] = (bytes[at] ?? 0) ^ 1
              writeFileSync(target, bytes)
            },
          })
        : driver.pragma.bind(driver),
  })
  const target = join(t.dir, 'copy.backup')
  expect(() => copyDatabase(failing, t.key, target)).toThrow(expect.objectContaining({ kind: 'damaged' }))
  expect([...backups(), ...strays()]).toEqual([])
  copyDatabase(driver, t.key, target)
  expect(backups()).toEqual(['copy.backup'])
  driver.close()
})

test('a damaged database is not migrated: its copy does not verify', () => {
  t.db.write((w) => {
    for (let i = 0; i < 200; i++) w.run(sql`INSERT INTO item (name) VALUES (${'x'.repeat(300)})`)
  })
  t.db.close()
  const bytes = readFileSync(t.file)
  const at = bytes.length - 100
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(t.file, bytes)
  t.db = openDatabase({ file: t.file, key: t.key, migrations: [first], now: () => time, checkWholeUpTo: 0 })
  expect(refusal([first, second]).kind).toBe('damaged')
  expect([...backups(), ...strays()]).toEqual([])
})
