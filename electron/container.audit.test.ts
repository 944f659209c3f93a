import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AuditLog } from './container.audit'
import { publicKeyBytes, signingKey, verifyingKey } from './core/audit/heads'
import { appendAudit, keepAuditProfile, profileOfRestore } from './core/audit/index'
import { openTestDatabase, type TestDatabase } from './core/db/testing'

let database: TestDatabase
let home: string
beforeEach(() => {
  database = openTestDatabase()
  home = mkdtempSync(join(tmpdir(), 'audit-places-'))
})
afterEach(() => {
  database.cleanup()
  rmSync(home, { recursive: true, force: true })
})

const seed = randomBytes(32)
const silent = { debug() {}, info() {}, warn() {}, error() {} }

function openLog(): AuditLog {
  const keys = {
    vaultId: 'v1',
    world: 'live' as const,
    database: Buffer.alloc(0),
    audit: seed,
    tokens: Buffer.alloc(0),
    digests: Buffer.alloc(0),
    publicKey: Buffer.from(publicKeyBytes(verifyingKey(signingKey(seed)))),
  }
  return new AuditLog({
    dir: database.dir,
    keys,
    anchorFolder: home,
    fileDialogs: undefined,
    keyStore: undefined,
    database: database.db,
    clock: { now: () => 1_770_000_000_000 },
    logger: silent,
    onProblem() {},
  })
}

function sign(log: AuditLog): void {
  const row = { at: 1, actor: 'owner', door: 'window', procedure: 'rates.set', businessId: null, outcome: 'done', details: {} }
  database.db.write((w) => appendAudit(w, row))
  log.signNow()
}

test('A4: a restored profile keeps its heads apart from those of the vault that it was made from, at its first start and after', () => {
  sign(openLog())
  expect(readdirSync(home)).toEqual(['v1'])
  const mark = { backupId: 'bak_1', createdAt: 1, restoredAt: 2 }
  const place = `v1-${profileOfRestore(mark)}`
  writeFileSync(join(database.dir, 'vault.restored'), JSON.stringify(mark))
  sign(openLog())
  expect(readdirSync(home).sort()).toEqual(['v1', place])
  rmSync(join(database.dir, 'vault.restored'))
  database.db.write((w) => keepAuditProfile(w, profileOfRestore(mark)))
  const later = openLog()
  sign(later)
  expect(readdirSync(home)).toHaveLength(2)
  expect(existsSync(join(home, place, 'audit-head.json'))).toBe(true)
  expect(later.anchors.describe(database.db.read).map(({ kind, state, size }) => [kind, state, size])).toEqual([
    ['data_folder', 'ok', 3],
    ['app_folder', 'ok', 3],
  ])
})
