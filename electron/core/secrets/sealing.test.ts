import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { sql, type WriteDb } from '../db'
import { createRecordCipher } from '../vault/index'
import { openFields } from './sealedFields'
import { field, openTestVault, type TestVault } from './testing'

interface Stored {
  readonly secretId: string
  readonly version: number
  readonly name: string
  readonly sealed: Buffer
}

let vault: TestVault
let stored: Stored[]

beforeAll(async () => {
  vault = openTestVault()
  for (let i = 0; i < 18; i++) {
    const fields = [field('Password', `value ${i}`), field('PIN', `value ${i}`), field('Note', `value ${i}`, 'text')]
    const { id: secretId, version } = await vault.keep({ title: `Item ${i}`, fields })
    await vault.run('secrets.update', { secretId, version, fields: fields.map((one) => ({ ...one, value: `next ${i}` })) })
  }
  vault.test.db.write((w) => {
    w.run(sql`DROP TRIGGER secret_field_is_fixed`)
    w.run(sql`DROP TRIGGER secret_version_is_fixed`)
  })
  stored = vault.test.db.read.all<Stored>(sql`SELECT secret_id AS secretId, version, name, sealed FROM secret_field`)
})
afterAll(() => vault.cleanup())

class Undo extends Error {}

/**
 * Reads versions in a database that was tampered with, each time undone afterwards.
 * @returns how often each refusal was met; 'opened' for none
 */
function tampered(
  trials: Iterable<{ readonly target: Pick<Stored, 'secretId' | 'version'>; readonly change: (w: WriteDb) => void }>,
): Record<string, number> {
  const outcomes: Record<string, number> = {}
  const { db } = vault.test
  const all = () =>
    db.write((w) => {
      for (const { target, change } of trials) {
        let outcome = 'opened'
        const trial = () => {
          change(w)
          try {
            openFields(w, vault.items.cipher, target.secretId, target.version)
          } catch (error) {
            outcome = error instanceof AppError ? error.code : String(error)
          }
          throw new Undo()
        }
        expect(() => db.savepoint(w, trial)).toThrow(Undo)
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      }
      throw new Undo()
    })
  expect(all).toThrow(Undo)
  return outcomes
}

/** A sealed value in the place of another one. */
function swap(source: Stored, target: Stored) {
  const { secretId, version, name } = target
  const change = (w: WriteDb) =>
    void w.run(sql`UPDATE secret_field SET sealed = ${source.sealed}
      WHERE secret_id = ${secretId} AND version = ${version} AND name = ${name}`)
  return { target, change }
}

test('V3: 10,000 swaps of sealed values between rows, fields and versions are refused', () => {
  const pairs = stored.flatMap((source) => stored.filter((target) => target !== source).map((target) => swap(source, target)))
  expect(pairs.length).toBeGreaterThanOrEqual(10_000)
  expect(tampered(pairs.slice(0, 10_000))).toEqual({ internal: 10_000 })
})

test('V3: a wrapped key in the place of another version or item is refused', () => {
  const keys = vault.test.db.read.all<{ secretId: string; version: number; wrapped: Buffer }>(
    sql`SELECT secret_id AS secretId, version, sealed_key AS wrapped FROM secret_version`,
  )
  const trials = keys.flatMap((source) =>
    keys
      .filter((target) => target !== source)
      .map((target) => ({
        target,
        change: (w: WriteDb) =>
          void w.run(sql`UPDATE secret_version SET sealed_key = ${source.wrapped}
            WHERE secret_id = ${target.secretId} AND version = ${target.version}`),
      })),
  )
  expect(tampered(trials)).toEqual({ internal: keys.length * (keys.length - 1) })
})

test('V3: key and values together in another place, or in another vault, are refused', () => {
  const [first] = stored
  if (first === undefined) throw new Error('Nothing is stored')
  const { secretId, version } = first
  const change = (w: WriteDb) => {
    w.run(sql`UPDATE secret_version SET sealed_key = (SELECT sealed_key FROM secret_version WHERE secret_id = ${secretId} AND version = 1)
      WHERE secret_id = ${secretId} AND version = 2`)
    w.run(sql`UPDATE secret_field SET sealed = (SELECT o.sealed FROM secret_field o WHERE o.secret_id = ${secretId} AND o.version = 1
        AND o.name = secret_field.name) WHERE secret_id = ${secretId} AND version = 2`)
  }
  expect(tampered([{ target: { secretId, version: version + 1 }, change }])).toEqual({ internal: 1 })
  const foreign = createRecordCipher('another', { recordsKey: () => vault.recordsKey, previousRecordsKey: () => null })
  expect(() => openFields(vault.test.db.read, foreign, secretId, 1)).toThrow('changed from outside or is damaged')
})

test('V3: a hidden value whose type was changed, so that it would be shown, does not open', async () => {
  const hidden = stored.find(({ name }) => name === 'Password')
  if (hidden === undefined) throw new Error('Nothing is stored')
  const { secretId, version } = hidden
  vault.test.db.write((w) =>
    w.run(sql`UPDATE secret_field SET type = 'text' WHERE secret_id = ${secretId} AND name = 'Password'`),
  )
  await expect(vault.call('secrets.get', { secretId })).rejects.toMatchObject({ code: 'internal' })
  vault.test.db.write((w) =>
    w.run(sql`UPDATE secret_field SET type = 'hidden' WHERE secret_id = ${secretId} AND name = 'Password'`),
  )
  await expect(vault.call('secrets.get', { secretId })).resolves.toMatchObject({ version: Math.max(version, 2) })
})

test('V14: no hidden value, no visible value and no file stands in the open in any table', async () => {
  const canary = randomBytes(12).toString('hex')
  const { id: secretId, version } = await vault.keep({
    title: 'With canaries',
    fields: [field('Password', canary), field('Note', `plain ${canary}`, 'multiline'), field('User name', 'ada', 'text')],
  })
  await vault.run('secrets.update', { secretId, version, fields: [field('Password', `${canary} again`)], requestId: 'r-update' })
  await vault.run('secrets.attach', {
    secretId,
    name: 'a.txt',
    mediaType: 'text/plain',
    base64: Buffer.from(canary).toString('base64'),
    requestId: 'r-attach',
  })
  await vault.run('secrets.reveal', { secretId, field: 'Password', requestId: 'r-reveal' })
  const tables = vault.test.db.read.all<{ name: string }>(sql`SELECT name FROM pragma_table_list WHERE schema = 'main'`)
  for (const { name } of tables) {
    const rows = vault.test.db.read.all<Record<string, unknown>>({ text: `SELECT * FROM "${name}"`, values: [] })
    const text = rows
      .flatMap((row) =>
        Object.values(row).map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value)),
      )
      .join('\n')
    expect([name, text.includes(canary)]).toEqual([name, false])
  }
})
