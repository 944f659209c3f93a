import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultInterval } from '../../../shared/domain/rotation'
import { sql } from '../db'
import { rewrapAll } from '../vault/rewrap'
import { attachmentKeys, secretKeys } from './rewrapTargets'
import { stagesReached } from './rotationPolicy'
import { field, openTestVault, type TestVault } from './testing'
import { dueNotices, markWarned, purgeBin, weeklySummary } from './upkeep'

const day = 86_400_000

let vault: TestVault
beforeEach(() => {
  vault = openTestVault()
})
afterEach(() => vault.cleanup())

const dueOf = async (secretId: string) => (await vault.call('secrets.get', { secretId })).dueAt

describe('due dates', () => {
  test('are 90 days for keys of programs, none for the rest, and what the owner says before either', async () => {
    expect(defaultInterval('api_key')).toBe(90)
    for (const kind of ['stripe', 'upwork'] as const) expect(defaultInterval(kind)).toBe(90)
    for (const kind of ['login', 'card', 'bank_account', 'note', 'file'] as const) expect(defaultInterval(kind)).toBeNull()
    const key = await vault.keep({ kind: 'api_key', fields: [field('Key', 'abc')] })
    expect(key.dueAt).toBe(vault.now + 90 * day)
    expect((await vault.keep({ kind: 'api_key', rotateEveryDays: null })).dueAt).toBeNull()
    expect((await vault.keep({ rotateEveryDays: 30 })).dueAt).toBe(vault.now + 30 * day)
  })

  test('move with the hidden values alone, and with the interval', async () => {
    const start = vault.now
    const { id: secretId } = await vault.keep({ rotateEveryDays: 30 })
    const update = (version: number, more: object) => vault.run('secrets.update', { secretId, version, ...more })
    vault.now += 10 * day
    expect(
      (await update(1, { title: 'Other', fields: [field('User name', 'eve', 'text'), { name: 'Password', type: 'hidden' }] }))
        .dueAt,
    ).toBe(start + 30 * day)
    expect((await update(2, { rotateEveryDays: 60 })).dueAt).toBe(start + 60 * day)
    expect((await update(3, { fields: [field('Password', 'new')] })).dueAt).toBe(vault.now + 60 * day)
    expect((await update(4, { rotateEveryDays: null })).dueAt).toBeNull()
    expect(vault.items.valuesChangedAt(vault.test.db.read, secretId)).toBe(vault.now)
  })

  test('can be set to now for what somebody saw, until the value changes', async () => {
    const { id: secretId } = await vault.keep()
    vault.test.db.write((w) => vault.items.markDue(w, secretId, vault.now))
    expect(await dueOf(secretId)).toBe(vault.now)
    await vault.run('secrets.update', { secretId, version: 1, title: 'Other' })
    expect(await dueOf(secretId)).toBe(vault.now)
    expect((await vault.call('secrets.list', { dueWithinDays: 0 })).items).toMatchObject([{ id: secretId }])
    await vault.run('secrets.update', { secretId, version: 2, fields: [field('Password', 'new')] })
    expect(await dueOf(secretId)).toBeNull()
  })
})

describe('warnings', () => {
  const take = () =>
    vault.test.db.write((w) => {
      const notices = dueNotices(w, vault.now)
      markWarned(w, notices, vault.now)
      return notices.map(({ secretId, stage }) => [secretId, stage])
    })

  test('come at 14, 7 and 1 day and when it is overdue, once each, also when days were slept through', async () => {
    const due = vault.now + 30 * day
    const { id } = await vault.keep({ rotateEveryDays: 30 })
    const { id: binned } = await vault.keep({ rotateEveryDays: 30 })
    await vault.run('secrets.delete', { secretId: binned, version: 1 })
    const said: [number, unknown][] = []
    for (let hour = 0; hour < 24 * 40; hour += 6) {
      vault.now = due - 30 * day + hour * 3_600_000
      for (const notice of take()) said.push([(due - vault.now) / day, notice])
    }
    expect(said).toEqual([
      [14, [id, '14']],
      [7, [id, '7']],
      [1, [id, '1']],
      [0, [id, 'overdue']],
    ])
    const slept = await vault.keep({ rotateEveryDays: 30 })
    vault.now += 29.5 * day
    expect(take()).toEqual([[slept.id, '1']])
    expect(take()).toEqual([])
  })

  test('begin anew with a new value, and are silent while a new one waits', async () => {
    const { id: secretId } = await vault.keep({ rotateEveryDays: 10 })
    expect(take()).toEqual([[secretId, '14']])
    await vault.run('secrets.startRotation', { secretId, version: 1, fields: [field('Password', 'new')] })
    vault.now += 11 * day
    expect(take()).toEqual([])
    await vault.run('secrets.cancelRotation', { secretId })
    expect(take()).toEqual([[secretId, 'overdue']])
    await vault.run('secrets.update', { secretId, version: 1, fields: [field('Password', 'newer')] })
    expect(take()).toEqual([[secretId, '14']])
  })

  test('reach their stages in order', () => {
    expect(
      [15 * day, 14 * day, 8 * day, 7 * day, 2 * day, day, 1, 0, -day].map((left) => stagesReached(0, -left).at(-1) ?? null),
    ).toEqual([null, '14', '14', '7', '7', '1', '1', 'overdue', 'overdue'])
  })

  test('are summed up for the week', async () => {
    const ids: string[] = []
    for (const days of [5, 7, 8, 30, 31]) ids.push((await vault.keep({ rotateEveryDays: days, title: `${days}` })).id)
    const late = await vault.keep({ rotateEveryDays: 1 })
    const titles = ({ title }: { title: string }) => title
    const summary = weeklySummary(vault.test.db.read, vault.now)
    expect([summary.overdue.map(titles), summary.week.map(titles), summary.month.map(titles)]).toEqual([
      [],
      ['Registrar', '5', '7'],
      ['8', '30'],
    ])
    vault.now += 2 * day
    expect(weeklySummary(vault.test.db.read, vault.now).overdue.map(({ secretId }) => secretId)).toEqual([late.id])
  })
})

describe('the bin', () => {
  test('is emptied after 30 days: nothing of the item is left but a head without a name, and its uses', async () => {
    const { id: secretId } = await vault.keep({
      title: 'Ada Brook',
      tags: ['family'],
      fields: [field('User name', 'ada.brook', 'text')],
    })
    await vault.run('secrets.attach', { secretId, name: 'brook.txt', mediaType: 'text/plain', base64: 'AAAA' })
    await vault.run('secrets.update', { secretId, version: 1, title: 'Ada Brook-Mill' })
    const kept = await vault.keep({ title: 'Stays' })
    await vault.run('secrets.delete', { secretId, version: 2 })
    const { db } = vault.test
    vault.now += 30 * day - 1
    expect(await purgeBin(db, vault.items, vault.now)).toBe(0)
    vault.now += 1
    expect(await purgeBin(db, vault.items, vault.now)).toBe(1)
    expect(await purgeBin(db, vault.items, vault.now)).toBe(0)
    await expect(vault.call('secrets.get', { secretId })).rejects.toMatchObject({ code: 'not_found' })
    await expect(vault.run('secrets.undelete', { secretId })).rejects.toMatchObject({ code: 'not_found' })
    expect((await vault.call('secrets.list', { deleted: true })).items).toEqual([])
    for (const { name } of db.read.all<{ name: string }>(
      sql`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'secret%'`,
    )) {
      const rows = db.read.all<object>({ text: `SELECT * FROM ${name}`, values: [] })
      expect([name, JSON.stringify(rows)]).toEqual([name, expect.not.stringMatching(/brook|family/i)])
    }
    expect(db.read.get(sql`SELECT count(*) AS n FROM secret_version WHERE secret_id = ${secretId}`)).toEqual({ n: 0 })
    const proof = db.read.get(sql`SELECT a.procedure, a.actor FROM secret_use u JOIN audit_row a ON a.seq = u.audit_seq
      WHERE u.secret_id = ${secretId} AND u.outcome = 'destroyed'`)
    expect(proof).toEqual({ procedure: 'secrets.purge', actor: 'schedule:secrets' })
    expect(await vault.call('secrets.get', { secretId: kept.id })).toMatchObject({ title: 'Stays' })
  })

  test('of many items is emptied in short transactions', async () => {
    const ids: string[] = []
    for (let i = 0; i < 45; i++) ids.push((await vault.keep()).id)
    for (const secretId of ids) await vault.run('secrets.delete', { secretId, version: 1 })
    vault.now += 31 * day
    let commits = 0
    vault.test.db.afterCommit(() => {
      commits += 1
    })
    expect(await purgeBin(vault.test.db, vault.items, vault.now)).toBe(45)
    expect(commits).toBeGreaterThanOrEqual(3)
  })

  test('an item that was destroyed cannot come back, and one that was not keeps its versions', async () => {
    const { id: secretId } = await vault.keep()
    const { db } = vault.test
    expect(() => db.write((w) => w.run(sql`DELETE FROM secret_field WHERE secret_id = ${secretId}`))).toThrow('kept until')
    expect(() => db.write((w) => w.run(sql`DELETE FROM secret_version WHERE secret_id = ${secretId}`))).toThrow(
      /kept until|FOREIGN KEY/,
    )
    expect(() => db.write((w) => w.run(sql`DELETE FROM secret WHERE id = ${secretId}`))).toThrow('head of a secret is kept')
    expect(() => db.write((w) => w.run(sql`UPDATE secret_field SET name = 'x' WHERE secret_id = ${secretId}`))).toThrow(
      'not changed',
    )
    expect(() => db.write((w) => w.run(sql`UPDATE secret SET version = 2 WHERE id = ${secretId}`))).toThrow('one that is kept')
    await vault.run('secrets.delete', { secretId, version: 1 })
    vault.now += 31 * day
    await purgeBin(db, vault.items, vault.now)
    expect(() =>
      db.write((w) => w.run(sql`UPDATE secret SET destroyed_at = NULL, deleted_at = NULL WHERE id = ${secretId}`)),
    ).toThrow('keeps its identity')
  })
})

test('V13: the keys of all versions and files move to another records key, and everything opens', async () => {
  const { id: secretId } = await vault.keep()
  await vault.run('secrets.update', { secretId, version: 1, fields: [field('Password', 'two')] })
  await vault.run('secrets.startRotation', { secretId, version: 2, fields: [field('Password', 'three')] })
  const file = Buffer.from('a file').toString('base64')
  const attached = await vault.run('secrets.attach', { secretId, name: 'a', mediaType: 'text/plain', base64: file })
  const next = Buffer.alloc(32, 9)
  const before = Buffer.from(vault.recordsKey)
  const keys = { recordsKey: () => next, previousRecordsKey: () => before }
  const done = await rewrapAll({ database: vault.test.db, vaultId: 'vault', keys, targets: [secretKeys, attachmentKeys] })
  expect(done).toEqual({ records: 4, unreadable: 0 })
  await expect(vault.run('secrets.reveal', { secretId, field: 'Password' })).rejects.toMatchObject({ code: 'internal' })
  next.copy(vault.recordsKey)
  const shown = await Promise.all([1, 2].map((version) => vault.run('secrets.reveal', { secretId, field: 'Password', version })))
  expect(shown).toEqual([{ value: 'correct horse' }, { value: 'two' }])
  expect(await vault.run('secrets.attachment', { attachmentId: attached.attachments[0]?.id ?? '' })).toMatchObject({
    base64: file,
  })
  await vault.run('secrets.testRotation', { secretId, confirmedByOwner: true })
  await vault.run('secrets.finishRotation', { secretId })
  expect(await vault.run('secrets.reveal', { secretId, field: 'Password' })).toEqual({ value: 'three' })
})
