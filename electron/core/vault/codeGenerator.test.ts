import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TOTP, URI } from 'otpauth'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { Sealer } from '../ports/sealer'
import { confirmedGenerator, makeCodeGenerator, takeCode } from './codeGenerator'
import { open, seal } from './envelope'
import { createThrottle, throttleFileName } from './throttle'
import { codeGenerators, confirmCodeGenerator, readSettings, takeStep } from './vault.repository'

let dir: string
let t: TestDatabase
let uptime: number
const key = randomBytes(32)
const sealer: Sealer = {
  seal: (plaintext, place) => seal(key, plaintext, { vault: 'v', ...place }),
  open: (sealed, place) => open(key, sealed, { vault: 'v', ...place }),
}
const deps = () => ({ throttle: createThrottle(join(dir, throttleFileName), () => uptime), sealer: () => sealer })
const now = 1_800_000_000_000

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-codes-'))
  t = openTestDatabase()
  uptime = 1_000_000
})
afterEach(() => {
  t.cleanup()
  rmSync(dir, { recursive: true, force: true })
})

const make = () => {
  const { id, uri } = t.db.write((w) => makeCodeGenerator(w, deps(), 'Phone', now))
  return { id, generator: URI.parse(uri) as TOTP }
}

test('V10: a code works once, also after a restart and with a clock set back; the next one works', () => {
  const { id, generator } = make()
  const at = (seconds: number) => generator.generate({ timestamp: now + seconds * 1000 })
  const take = (code: string, seconds: number) => takeCode(t.db, deps(), { id, code, now: now + seconds * 1000 })
  take(at(0), 0)
  expect(() => take(at(0), 0)).toThrow('used before')
  t.reopen()
  expect(() => take(at(0), 20)).toThrow('used before')
  expect(() => take(at(-60), -60)).toThrow('used before')
  take(at(30), 45)
  expect(codeGenerators(t.db.read)[0]?.lastStep).toBe(now / 30_000 + 1)
})

test('V10: the database itself takes no step twice', () => {
  const { id } = make()
  t.db.write((w) => takeStep(w, id, 10))
  for (const step of [10, 9]) expect(() => t.db.write((w) => takeStep(w, id, step))).toThrow('a code works once')
})

test('V10: of a million codes, five are tried; then the door waits, whichever door they come through', () => {
  const { id } = make()
  const take = (code: string) => takeCode(t.db, deps(), { id, code, now })
  for (let i = 0; i < 5; i++) expect(() => take(String(100_000 + i))).toThrow(expect.objectContaining({ code: 'forbidden' }))
  expect(() => take('100005')).toThrow(expect.objectContaining({ code: 'rate_limited' }))
  uptime += 15 * 60_000
  expect(() => take('100005')).toThrow(expect.objectContaining({ code: 'forbidden' }))
})

test('a code of no generator, and any while locked, is refused', () => {
  const { id } = make()
  expect(() => takeCode(t.db, deps(), { id: 'fac_none', code: '123456', now })).toThrow(
    expect.objectContaining({ code: 'forbidden' }),
  )
  const locked = { ...deps(), sealer: () => null }
  expect(() => takeCode(t.db, locked, { id, code: '123456', now })).toThrow(expect.objectContaining({ code: 'locked' }))
})

test('only a confirmed generator counts, and its secret is sealed', () => {
  const { id } = make()
  expect(confirmedGenerator(t.db.read)).toBeUndefined()
  t.db.write((w) => confirmCodeGenerator(w, id, now))
  expect(confirmedGenerator(t.db.read)).toMatchObject({ id, label: 'Phone', confirmedAt: now })
  expect(confirmedGenerator(t.db.read)?.sealed).toHaveLength(49)
})

test('settings that lost their row are a defect, not a default', () => {
  expect(readSettings(t.db.read)).toEqual({ whileLocked: 'everything', idleMinutes: 5 })
  t.db.write((w) => w.run(sql`DELETE FROM vault_setting`))
  expect(() => readSettings(t.db.read)).toThrow('lost their row')
})
