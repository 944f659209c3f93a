import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseError, databaseFileName, type Exchange, nextFileOf, openDatabase, sql } from '../db'
import { headerFileName } from './creation'
import { finishKeyChange } from './keyChange'
import { KeyChanges } from './keyChanges'
import { KeyChangeVault, passphrase, place, silent, things } from './keyChangeTesting'
import { floorCost } from './keyDerivation'
import { type OpenVault, openVaultFolder } from './openFolder'
import { openRecord } from './sealer'
import { unlockVault } from './vault'
import type { Session } from './vault.session'

const kind = (kind: string) => expect.objectContaining({ kind })
const values = 20

let t: KeyChangeVault
let copies: string[]
beforeEach(async () => {
  t = await KeyChangeVault.create()
  t.fill(values)
  copies = []
})
afterEach(() => {
  t.cleanup()
  for (const dir of copies) rmSync(dir, { recursive: true, force: true })
})

/** What a process that is killed at this instant leaves behind. */
function snapshot(): string {
  const dir = mkdtempSync(join(tmpdir(), 'countinghouse-database-key-'))
  copies.push(dir)
  cpSync(t.dir, dir, { recursive: true })
  return dir
}

const openFolder = (dir: string) =>
  openVaultFolder({ dir, world: 'live', proof: { passphrase }, door: 'window', now: () => 3000, kdf: floorCost })

/** How many values of the table open in an open vault with what was put into them. */
function readable({ session, database }: OpenVault): number {
  const vault = session.coreKeys().vaultId
  return things
    .next(database.read, null, 1000)
    .filter(
      ({ cursor, sealed }) => openRecord(session, sealed, { vault, ...place(Number(cursor)) }).toString() === `value ${cursor}`,
    ).length
}

const opensWith = (dir: string, key: Uint8Array) => {
  try {
    openDatabase({ file: join(dir, databaseFileName), key, now: () => 3000 }).close()
    return true
  } catch (error) {
    expect(error).toEqual(kind('wrong-key'))
    return false
  }
}

/** The vault's session, with what it asks of an exchange changed. */
function exchangingWith(change: (how: Exchange) => Exchange): Session {
  const { session } = t
  const finishKeyChange: Session['finishKeyChange'] = (exchange) => session.finishKeyChange((how) => exchange(change(how)))
  return Object.assign(Object.create(session), { finishKeyChange })
}

/** The change of another opened copy of the vault. */
function changesOf({ session, database }: OpenVault): KeyChanges {
  const copyUnderKey = async (key: Uint8Array, target: string) => t.copyUnderKey(key, target, session)
  return new KeyChanges({
    ...{ session, database, targets: [things], onProgress: () => undefined, logger: silent },
    ...{ ...t.help, copyUnderKey },
  })
}

test('a backup is asked for while nobody else writes, before the copy, so that the copy holds the asking; again by who carries it on', async () => {
  const steps: string[] = []
  const help = {
    alone: async <T>(work: () => Promise<T>) => {
      steps.push('alone')
      return work()
    },
    askForBackup: () => void steps.push('asked'),
    copyUnderKey: async (key: Uint8Array, target: string) => {
      steps.push('copied')
      if (steps.length < 4) throw new DatabaseError('no-space')
      t.copyUnderKey(key, target)
    },
  }
  await expect(t.changes([things], help).change(passphrase, 2000, 'window')).rejects.toThrow(kind('database-key-waits'))
  await t.changes([things], help).resume()
  expect(steps).toEqual(['alone', 'asked', 'copied', 'alone', 'asked', 'copied'])
})

test('V13, L2: cut at any instant of the exchange nothing is lost, and the next opening ends on one database key', async () => {
  const old = Buffer.from(t.session.coreKeys().database)
  const cuts = new Map<string, string>()
  const cut = (step: string) => cuts.set(step, snapshot())
  await t.session.beginKeyChange(passphrase, 2000, 'window')
  const { headerTag, nextDatabase: fresh } = await unlockVault(t.dir, { passphrase })
  if (fresh === null) throw new Error('No change of keys is begun')
  cut('begun')
  const session = exchangingWith((how) => {
    cut('copied')
    return { ...how, reached: cut, commit: () => finishKeyChange(t.dir, headerTag, (step) => cut(`header ${step}`)) }
  })
  await t.changes([things], { session }).resume()
  cut('done')

  const steps = ['begin', 'created', 'written', 'flushed', 'checked', 'renamed', 'done'].map((step) => `header ${step}`)
  const inOrder = ['begun', 'copied', 'closed', 'cleared', ...steps, 'committed', 'placed', 'opened', 'done']
  expect([...cuts.keys()]).toEqual(inOrder)
  for (const [step, dir] of cuts) {
    const isCommitted = inOrder.indexOf(step) >= inOrder.indexOf('header renamed')
    const opened = await openFolder(dir)
    expect([step, readable(opened), existsSync(nextFileOf(opened.database.file))]).toEqual([step, values, false])
    expect([step, opened.session.nextDatabaseKey() === null]).toEqual([step, isCommitted])
    opened.database.write((w) => w.run(sql`UPDATE vault_setting SET idle_minutes = 9`))
    await changesOf(opened).resume()
    expect([step, opened.session.nextDatabaseKey(), opened.session.previousRecordsKey()]).toEqual([step, null, null])
    expect([step, opened.session.coreKeys().database.equals(fresh)]).toEqual([step, true])
    opened.close()
    expect([step, opensWith(dir, fresh), opensWith(dir, old)]).toEqual([step, true, false])
    const again = await openFolder(dir)
    expect([step, readable(again)]).toEqual([step, values])
    expect(again.database.read.get(sql`SELECT idle_minutes AS n FROM vault_setting`)).toEqual({ n: 9 })
    again.close()
  }
}, 300_000)

describe('the database in a change of keys', () => {
  test('V13: has a new key afterwards, and is written and opened with it alone', async () => {
    const old = Buffer.from(t.session.coreKeys().database)
    writeFileSync(`${t.db.file}.before-9.1000.backup`, 'under the old key')
    await t.changes().change(passphrase, 2000, 'window')
    expect(t.session.coreKeys().database.equals(old)).toBe(false)
    expect(existsSync(`${t.db.file}.before-9.1000.backup`)).toBe(false)
    t.db.write((w) => w.run(sql`UPDATE vault_setting SET idle_minutes = 7`))
    t.db.close()
    expect([opensWith(t.dir, old), opensWith(t.dir, t.session.coreKeys().database)]).toEqual([false, true])
    await t.newSession().unlock({ passphrase }, 'window')
    t.reopen()
    expect(t.db.read.get(sql`SELECT idle_minutes AS n FROM vault_setting`)).toEqual({ n: 7 })
  })

  test('V13: the old database key is zeroed, and so is the new one of a locked vault that has not changed yet', async () => {
    const { database } = t.session.coreKeys()
    await t.session.beginKeyChange(passphrase, 2000, 'window')
    const waiting = t.session.nextDatabaseKey()
    expect(waiting?.every((byte) => byte === 0)).toBe(false)
    t.session.lock()
    expect(waiting?.every((byte) => byte === 0)).toBe(true)
    expect(() => t.session.nextDatabaseKey()).toThrow(kind('locked'))
    await t.session.unlock({ passphrase }, 'window')
    await t.changes().resume()
    expect(database.every((byte) => byte === 0)).toBe(true)
    await expect(t.session.finishKeyChange(() => undefined)).rejects.toThrow('No change of keys')
  })

  test('nothing is changed when the passphrase is wrong, the backup fails or the disk has no room for the copy', async () => {
    const backups: string[] = []
    const backUp = async () => {
      backups.push('asked')
      return 'bak_before'
    }
    const wrong = t.changes([things], { backUp }).change('not the passphrase', 2000, 'window')
    await expect(wrong).rejects.toThrow(kind('wrong-passphrase'))
    expect(backups).toEqual([])
    const failing = t.changes([things], { backUp: () => Promise.reject(new Error('no backup')) })
    await expect(failing.change(passphrase, 2000, 'window')).rejects.toThrow('no backup')
    const full = t.changes([things], { backUp, freeBytes: () => 1000 }).change(passphrase, 2000, 'window')
    await expect(full).rejects.toThrow(kind('no-space'))
    expect(backups).toEqual(['asked'])
    expect(t.session.factors().keysChangedAt).toBe(1000)
    expect(t.session.previousRecordsKey()).toBeNull()
  })

  test('V13: a disk that fills up meanwhile leaves the old file in use, says so, and the next unlocking tries again', async () => {
    const old = Buffer.from(t.session.coreKeys().database)
    const copyUnderKey = async (_: Uint8Array, target: string) => {
      writeFileSync(target, 'half a copy')
      throw new DatabaseError('no-space')
    }
    const failed = t.changes([things], { copyUnderKey }).change(passphrase, 2000, 'window')
    await expect(failed).rejects.toThrow(kind('database-key-waits'))
    expect(existsSync(nextFileOf(t.db.file))).toBe(false)
    expect([t.session.coreKeys().database.equals(old), t.underKey(t.session.recordsKey())]).toEqual([true, values])
    t.db.write((w) => w.run(sql`UPDATE vault_setting SET idle_minutes = 8`))
    await t.changes().resume()
    expect([t.session.coreKeys().database.equals(old), t.session.previousRecordsKey()]).toEqual([false, null])
    expect(t.db.read.get(sql`SELECT idle_minutes AS n FROM vault_setting`)).toEqual({ n: 8 })
  })

  test('V13: a header that cannot be written leaves the old file in use, and the next unlocking tries again', async () => {
    const old = Buffer.from(t.session.coreKeys().database)
    await t.session.beginKeyChange(passphrase, 2000, 'window')
    const inTheWay = join(t.dir, `${headerFileName}.partial`)
    mkdirSync(inTheWay)
    const errors: unknown[] = []
    await t.changes([things], { logger: { ...silent, error: (details) => void errors.push(details) } }).resume()
    expect(errors).toHaveLength(1)
    expect([t.session.coreKeys().database.equals(old), existsSync(nextFileOf(t.db.file))]).toEqual([true, false])
    t.db.write((w) => w.run(sql`UPDATE vault_setting SET idle_minutes = 8`))
    rmdirSync(inTheWay)
    await t.changes().resume()
    expect([t.session.coreKeys().database.equals(old), t.underKey(t.session.recordsKey())]).toEqual([false, values])
    expect(t.db.read.get(sql`SELECT idle_minutes AS n FROM vault_setting`)).toEqual({ n: 8 })
  })

  test('copies made before migrations that cannot be removed are told of in the log, and the keys are changed all the same', async () => {
    mkdirSync(`${t.db.file}.before-9.1000.backup`)
    const warned: unknown[] = []
    await t
      .changes([things], { logger: { ...silent, warn: (details) => void warned.push(details) } })
      .change(passphrase, 2000, 'window')
    expect([warned.length, t.session.nextDatabaseKey()]).toEqual([1, null])
  })

  test('V13: locked while the copy is made, the copy is dropped and the change goes on at the next unlocking', async () => {
    const copyUnderKey = async (key: Uint8Array, target: string) => {
      t.copyUnderKey(key, target)
      t.session.lock()
    }
    const locked = t.changes([things], { copyUnderKey }).change(passphrase, 2000, 'window')
    await expect(locked).rejects.toThrow(kind('locked'))
    expect(existsSync(nextFileOf(t.db.file))).toBe(false)
    await t.session.unlock({ passphrase }, 'window')
    await t.changes().resume()
    expect(t.session.nextDatabaseKey()).toBeNull()
  })

  test('V13: a file that cannot be put in its place waits for the next opening, which puts it there', async () => {
    const reached: Exchange['reached'] = (step) => {
      if (step === 'committed') throw Object.assign(new Error('busy'), { code: 'EBUSY' })
    }
    const stuck = t.changes([things], { session: exchangingWith((how) => ({ ...how, reached })) })
    await expect(stuck.change(passphrase, 2000, 'window')).rejects.toThrow(kind('not-in-place'))
    expect(() => t.db.write(() => 1)).toThrow(kind('not-in-place'))
    t.db.close()
    const opened = await openFolder(t.dir)
    expect([readable(opened), opened.session.previousRecordsKey()]).toEqual([values, null])
    opened.close()
    await t.newSession().unlock({ passphrase }, 'window')
    t.reopen()
  })

  test('V13: closing the app ends a change where it can be carried on, and a resumed one says nothing of it', async () => {
    const logged: unknown[] = []
    const logger = { ...silent, error: (details: unknown) => void logged.push(details) }
    const alone = async (_: unknown, signal: AbortSignal) => {
      await once(signal, 'abort')
      throw signal.reason
    }
    const hanging = t.changes([things], { logger, alone })
    const changing = hanging.change(passphrase, 2000, 'window')
    const ended = expect(changing).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('closing') })
    while (t.session.previousRecordsKey() === null) await setImmediate()
    await hanging.stop()
    await ended
    await hanging.resume()
    await expect(hanging.change(passphrase, 2000, 'window')).rejects.toMatchObject({ code: 'unavailable' })
    expect(t.session.nextDatabaseKey()).not.toBeNull()
    await t.changes([things], { logger }).resume()
    expect([t.session.nextDatabaseKey(), logged]).toEqual([null, []])
  })
})
