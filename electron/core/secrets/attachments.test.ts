import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db'
import { chunkSize, mediaTypeOf } from './attachments'
import { deleteRemovedFiles, sweepAttachments } from './removedFiles'
import { openTestVault, type TestVault } from './testing'

let vault: TestVault
let secretId: string
beforeEach(async () => {
  vault = openTestVault()
  secretId = (await vault.keep()).id
})
afterEach(() => vault.cleanup())

const attach = (content: Buffer, name = 'scan.png') =>
  vault.run('secrets.attach', { secretId, name, mediaType: 'image/png', base64: content.toString('base64') })
const chunks = () => vault.test.db.read.get<{ n: number }>(sql`SELECT count(*) AS n FROM secret_attachment_chunk`)?.n
const states = () => vault.test.db.read.all<{ state: string }>(sql`SELECT state FROM secret_attachment`).map(({ state }) => state)
const usesNow = async () =>
  (await vault.call('secrets.usage', { secretId })).items.map(({ action, procedure }) => [action, procedure])

/** A file that is read in pieces of odd sizes. */
async function* pieces(content: Buffer, size = 50_001): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

function chosen(content: Buffer, more: { name?: string; totalBytes?: number; source?: AsyncIterable<Uint8Array> } = {}): void {
  vault.dialogs = {
    ...vault.dialogs,
    openForReading: async () => ({
      name: more.name ?? 'contract.pdf',
      totalBytes: more.totalBytes ?? content.length,
      chunks: more.source ?? pieces(content),
    }),
  }
}

/** What is written where the dialog said. */
async function saved(attachmentId: string): Promise<Buffer> {
  const written: Buffer[] = []
  vault.dialogs = {
    ...vault.dialogs,
    save: async (_, parts) => {
      for (const part of parts) written.push(Buffer.from(part))
      return true
    },
  }
  expect(await vault.inWindow('secrets.saveAttachment', { attachmentId })).toEqual({ saved: true })
  return Buffer.concat(written)
}

describe('a small file', () => {
  test('is attached, listed, previewed with a reveal in the log, and removed for good', async () => {
    const content = randomBytes(200_000)
    const { attachments, version } = await attach(content)
    expect(attachments).toEqual([
      { id: expect.stringMatching(/^att_/), name: 'scan.png', mediaType: 'image/png', bytes: 200_000, createdAt: vault.now },
    ])
    expect(version).toBe(1)
    expect((await vault.call('secrets.list', {})).items).toMatchObject([{ attachmentCount: 1 }])
    const attachmentId = attachments[0]?.id ?? ''
    const shown = await vault.run('secrets.attachment', { attachmentId })
    expect(shown).toEqual({ name: 'scan.png', mediaType: 'image/png', base64: content.toString('base64') })
    expect(await usesNow()).toEqual([
      ['revealed', 'secrets.attachment'],
      ['changed', 'secrets.attach'],
      ['created', 'secrets.create'],
    ])
    expect(chunks()).toBe(4)
    expect(await vault.run('secrets.detach', { attachmentId })).toMatchObject({ attachments: [], attachmentCount: 0 })
    expect(chunks()).toBe(0)
    expect(vault.test.db.read.all(sql`SELECT name, sealed_key AS key, state FROM secret_attachment`)).toEqual([
      { name: '', key: null, state: 'removed' },
    ])
    await expect(vault.run('secrets.attachment', { attachmentId })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('may be empty, may have any name, and may not be too large', async () => {
    const empty = (await attach(Buffer.alloc(0), '../../etc/passwd')).attachments[0]
    expect(empty).toMatchObject({ name: '.. .. etc passwd', bytes: 0 })
    expect(await vault.run('secrets.attachment', { attachmentId: empty?.id ?? '' })).toMatchObject({ base64: '' })
    expect((await attach(randomBytes(524_288))).attachments).toHaveLength(2)
    await expect(attach(randomBytes(524_289))).rejects.toMatchObject({ code: 'too_large' })
  })

  test('of a sensitive item asks for step-up', async () => {
    const { attachments } = await attach(Buffer.from('x'))
    await vault.run('secrets.update', { secretId, version: 1, sensitive: true })
    const attachmentId = attachments[0]?.id ?? ''
    await expect(vault.run('secrets.attachment', { attachmentId })).rejects.toMatchObject({ code: 'step_up_required' })
    await expect(vault.inWindow('secrets.saveAttachment', { attachmentId })).rejects.toMatchObject({ code: 'step_up_required' })
    vault.provedUntil = vault.now + 1000
    expect(await saved(attachmentId)).toEqual(Buffer.from('x'))
  })
})

describe('a large file', () => {
  test.each([
    ['of an exact number of chunks', 40 * chunkSize],
    ['of a chunk and a byte', chunkSize + 1],
    ['of nothing', 0],
    ['of 50 MiB', 52_428_800],
  ])('%s chosen at this machine comes back byte for byte', async (_, bytes) => {
    const content = randomBytes(bytes)
    chosen(content, { name: 'contract.pdf' })
    const { attached, secret } = await vault.inWindow('secrets.attachFile', { secretId })
    expect([attached, secret.attachments]).toMatchObject([true, [{ name: 'contract.pdf', mediaType: 'application/pdf', bytes }]])
    const attachmentId = secret.attachments[0]?.id ?? ''
    if (bytes > 524_288)
      await expect(vault.run('secrets.attachment', { attachmentId })).rejects.toMatchObject({ code: 'too_large' })
    expect((await saved(attachmentId)).equals(content)).toBe(true)
    expect((await usesNow())[0]).toEqual(['revealed', 'secrets.saveAttachment'])
  })

  test('of more than 50 MiB, or one that changes while it is read, leaves nothing', async () => {
    chosen(Buffer.alloc(0), { totalBytes: 52_428_801 })
    await expect(vault.inWindow('secrets.attachFile', { secretId })).rejects.toMatchObject({ code: 'too_large' })
    const content = randomBytes(3_000_000)
    for (const totalBytes of [content.length - 1, content.length + 1, 10]) {
      chosen(content, { totalBytes })
      await expect(vault.inWindow('secrets.attachFile', { secretId })).rejects.toMatchObject({ code: 'conflict' })
    }
    expect([chunks(), new Set(states())]).toEqual([0, new Set(['removed'])])
    expect((await vault.call('secrets.get', { secretId })).attachments).toEqual([])
  })

  test('cut off by the end of the app is swept at the next start', async () => {
    let release = () => {}
    const wait = new Promise<void>((resolve) => {
      release = resolve
    })
    const content = randomBytes(2_000_000)
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield content.subarray(0, 1_500_000)
      await wait
      yield content.subarray(1_500_000)
    }
    chosen(content, { source: slow() })
    const attaching = vault.inWindow('secrets.attachFile', { secretId })
    while (chunks() === 0) await new Promise((resolve) => setImmediate(resolve))
    expect((await vault.call('secrets.get', { secretId })).attachments).toEqual([])
    await sweepAttachments(vault.test.db)
    expect([chunks(), states()]).toEqual([0, ['removed']])
    release()
    await expect(attaching).rejects.toThrow()
    expect(chunks()).toBe(0)
  })

  test('chosen for nothing: a cancelled dialog changes nothing and shows nothing', async () => {
    expect(await vault.inWindow('secrets.attachFile', { secretId })).toMatchObject({ attached: false, secret: { id: secretId } })
    const attachmentId = (await attach(Buffer.from('x'))).attachments[0]?.id ?? ''
    expect(await vault.inWindow('secrets.saveAttachment', { attachmentId })).toEqual({ saved: false })
    expect((await usesNow()).map(([action]) => action)).toEqual(['changed', 'created'])
  })
})

describe('V3: a file whose chunks were tampered with is refused', () => {
  const moved = (from: number, to: number) => `UPDATE secret_attachment_chunk SET position = ${to} WHERE position = ${from}`
  const tampering: readonly [string, readonly string[]][] = [
    ['its end cut off', ['DELETE FROM secret_attachment_chunk WHERE position = 3']],
    [
      'its end cut off, and said to be shorter',
      ['DELETE FROM secret_attachment_chunk WHERE position = 3', 'UPDATE secret_attachment SET chunks = 3, bytes = 196608'],
    ],
    ['two chunks in each other’s place', [moved(1, 9), moved(2, 1), moved(9, 2)]],
    [
      'a chunk twice',
      [
        `UPDATE secret_attachment_chunk SET sealed = (SELECT sealed FROM secret_attachment_chunk WHERE position = 0) WHERE position = 1`,
      ],
    ],
    [
      'a byte changed',
      [
        `UPDATE secret_attachment_chunk SET sealed = CAST(substr(sealed, 1, 99) || CASE substr(sealed, 100, 1) WHEN x'00' THEN x'01' ELSE x'00' END
          || substr(sealed, 101) AS BLOB) WHERE position = 1`,
      ],
    ],
    ['another length', ['UPDATE secret_attachment SET bytes = bytes - 1']],
    ['no chunks', ['DELETE FROM secret_attachment_chunk']],
  ]
  test.each(tampering)('%s', async (_, changes) => {
    const attachmentId = (await attach(randomBytes(200_000))).attachments[0]?.id ?? ''
    vault.test.db.write((w) => {
      const triggers = sql`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'secret_attachment%'`
      for (const { name } of w.all<{ name: string }>(triggers)) w.run({ text: `DROP TRIGGER ${name}`, values: [] })
      for (const text of changes) w.run({ text, values: [] })
    })
    await expect(vault.run('secrets.attachment', { attachmentId })).rejects.toMatchObject({ code: 'internal' })
  })
})

test('files of items that were destroyed go with them', async () => {
  await attach(randomBytes(100_000))
  const { db } = vault.test
  const act = { actor: 'owner', door: 'api', procedure: 'secrets.create', now: vault.now } as const
  db.write((w) => vault.items.destroyFor(w, secretId, act, 1))
  expect(states()).toEqual(['removed'])
  await deleteRemovedFiles(db)
  expect(chunks()).toBe(0)
})

test.each([
  ['a.PDF', 'application/pdf'],
  ['photo.jpeg', 'image/jpeg'],
  ['no ending', 'application/octet-stream'],
  ['odd.constructor', 'application/octet-stream'],
])('%s is %s', (name, mediaType) => {
  expect(mediaTypeOf(name)).toBe(mediaType)
})
