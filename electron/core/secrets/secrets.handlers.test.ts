import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Input } from '../../../shared/contract/index'
import type { Dependant } from '../../../shared/contract/secrets'
import { sql } from '../db'
import type { Actor } from '../dispatch/actor'
import { field, openTestVault, type TestVault } from './testing'

let vault: TestVault
beforeEach(() => {
  vault = openTestVault()
})
afterEach(() => vault.cleanup())

const day = 86_400_000
const get = (secretId: string) => vault.call('secrets.get', { secretId })
const reveal = (secretId: string, name: string, version?: number) =>
  vault.run('secrets.reveal', { secretId, field: name, ...(version === undefined ? {} : { version }) }).then(({ value }) => value)
const uses = async (secretId: string) => (await vault.call('secrets.usage', { secretId })).items
const audit = () =>
  vault.test.db.read.all<{ procedure: string; outcome: string; businessId: string | null; details: string }>(
    sql`SELECT procedure, outcome, business_id AS businessId, details FROM audit_row ORDER BY seq`,
  )

describe('what is kept', () => {
  test('shows everything but hidden values, and no procedure that reads gives one away', async () => {
    const businessId = await vault.business()
    const made = await vault.keep({
      businessId,
      tags: ['web', 'dns', 'web'],
      fields: [
        field('User name', 'ada', 'text'),
        field('Password', 'correct horse'),
        field('Code', 'JBSWY3DPEHPK3PXP', 'totp'),
        field('Site', 'https://Registrar.example/login', 'url'),
        field('Empty', ''),
      ],
    })
    expect(made).toMatchObject({
      businessId,
      kind: 'login',
      title: 'Registrar',
      tags: ['web', 'dns'],
      hint: 'ada',
      sensitive: false,
      version: 1,
      lastUsedAt: null,
      dueAt: null,
      deletedAt: null,
      dependants: [],
      fields: [
        { name: 'User name', type: 'text', value: 'ada', filled: true },
        { name: 'Password', type: 'hidden', value: null, filled: true },
        { name: 'Code', type: 'totp', value: null, filled: true },
        { name: 'Site', type: 'url', value: 'https://Registrar.example/login', filled: true },
        { name: 'Empty', type: 'hidden', value: null, filled: false },
      ],
    })
    expect(await get(made.id)).toEqual(made)
    await vault.run('secrets.update', { secretId: made.id, version: 1, title: 'Domains' })
    const read = [
      await get(made.id),
      await vault.call('secrets.list', {}),
      await vault.call('secrets.history', { secretId: made.id }),
      await vault.call('secrets.usage', { secretId: made.id }),
      await vault.call('secrets.tags', {}),
      audit(),
    ]
    expect(JSON.stringify(read)).not.toMatch(/correct horse|JBSWY/)
    expect(await reveal(made.id, 'Password')).toBe('correct horse')
    expect(await reveal(made.id, 'Code')).toBe('JBSWY3DPEHPK3PXP')
  })

  test('a repeated request is answered from the item as it stands, of which only the id was stored', async () => {
    const input = {
      kind: 'note',
      title: 'Ada Brook’s note',
      fields: [field('Note', 'Ada Brook', 'multiline')],
      requestId: 'r-1',
    } as const
    const first = await vault.run('secrets.create', { ...input, fields: [...input.fields] })
    expect(await vault.run('secrets.create', { ...input, fields: [...input.fields] })).toEqual(first)
    const [stored] = vault.test.db.read.all<{ outcome: string }>(sql`SELECT outcome FROM request`)
    expect(JSON.parse(stored?.outcome ?? '')).toEqual({ status: 'done', kept: first.id })
    expect(JSON.stringify(audit())).not.toMatch(/Brook/)
  })

  test.each<[string, Partial<Input<'secrets.create'>>, string]>([
    ['two fields of one name', { fields: [field('API key', 'a'), field('api_key', 'b')] }, 'two fields with the name'],
    ['a Stripe item without its key', { kind: 'stripe', fields: [field('Note', 'a', 'text')] }, 'needs the field Secret key'],
    [
      'a Stripe key in the open',
      { kind: 'stripe', fields: [field('Secret key', 'sk_test_12345678', 'text')] },
      'type must be hidden',
    ],
    ['a card number in the open', { kind: 'card', fields: [field('Number', '4242424242424242', 'text')] }, 'type must be hidden'],
    ['a business that is not there', { businessId: 'biz_none' }, 'no such business'],
  ])('%s is refused and nothing is kept', async (_, more, words) => {
    await expect(vault.keep(more)).rejects.toThrow(words)
    expect(vault.test.db.read.get(sql`SELECT count(*) AS n FROM secret`)).toEqual({ n: 0 })
  })

  test('ids that do not exist are not found, whatever is asked', async () => {
    const secretId = 'sec_none'
    const asked = [
      vault.call('secrets.get', { secretId }),
      vault.call('secrets.history', { secretId }),
      vault.call('secrets.usage', { secretId }),
      vault.call('secrets.list', { businessId: 'biz_none' }),
      vault.call('secrets.tags', { businessId: 'biz_none' }),
      vault.run('secrets.update', { secretId, version: 1 }),
      vault.run('secrets.delete', { secretId, version: 1 }),
      vault.run('secrets.undelete', { secretId }),
      vault.run('secrets.restoreVersion', { secretId, version: 1, restore: 1 }),
      vault.run('secrets.reveal', { secretId, field: 'Password' }),
      vault.run('secrets.startRotation', { secretId, version: 1, fields: [field('a', 'b')] }),
      vault.run('secrets.attach', { secretId, name: 'a', mediaType: 'text/plain', base64: '' }),
      vault.run('secrets.attachment', { attachmentId: 'att_none' }),
      vault.run('secrets.detach', { attachmentId: 'att_none' }),
    ]
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } })
    }
  })
})

describe('a change', () => {
  test('makes a version; a value left out stays, and the names of what differs are kept', async () => {
    const { id: secretId } = await vault.keep()
    vault.now += 1000
    const changed = await vault.run('secrets.update', {
      secretId,
      version: 1,
      title: 'Hosting',
      fields: [
        { name: 'Password', type: 'hidden' },
        { name: 'Site', type: 'url', value: 'example.com' },
      ],
    })
    expect(changed).toMatchObject({ version: 2, title: 'Hosting', hint: 'example.com', updatedAt: vault.now })
    expect(changed.fields.map(({ name }) => name)).toEqual(['Password', 'Site'])
    expect(await reveal(secretId, 'Password')).toBe('correct horse')
    expect((await vault.call('secrets.history', { secretId })).items).toEqual([
      { version: 2, at: vault.now, actor: 'owner', title: 'Hosting', changed: ['Site', 'User name'] },
      { version: 1, at: vault.now - 1000, actor: 'owner', title: 'Registrar', changed: [] },
    ])
  })

  test('of nothing makes no version', async () => {
    const { id: secretId } = await vault.keep({ tags: ['a'] })
    const fields = [
      { name: 'User name', type: 'text' as const, value: 'ada' },
      { name: 'Password', type: 'hidden' as const },
    ]
    expect(await vault.run('secrets.update', { secretId, version: 1, title: 'Registrar', tags: ['a'], fields })).toMatchObject({
      version: 1,
    })
    expect(await vault.run('secrets.update', { secretId, version: 1, fields: [...fields].reverse() })).toMatchObject({
      version: 2,
    })
  })

  test('by someone who saw an older version is refused', async () => {
    const { id: secretId } = await vault.keep()
    await vault.run('secrets.update', { secretId, version: 1, title: 'Hosting' })
    const stale = [
      vault.run('secrets.update', { secretId, version: 1, title: 'Mine' }),
      vault.run('secrets.delete', { secretId, version: 1 }),
      vault.run('secrets.restoreVersion', { secretId, version: 1, restore: 1 }),
      vault.run('secrets.startRotation', { secretId, version: 1, fields: [field('Password', 'new')] }),
    ]
    for (const outcome of await Promise.allSettled(stale)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'conflict', details: { version: 2 } } })
    }
    expect(await get(secretId)).toMatchObject({ version: 2, title: 'Hosting' })
  })

  test('that would show a hidden value needs the value; restoring a version does not show it either', async () => {
    const { id: secretId } = await vault.keep({ fields: [field('PIN', '1234', 'text')] })
    await vault.run('secrets.update', { secretId, version: 1, fields: [field('PIN', '1234', 'hidden')] })
    const open = { secretId, version: 2, fields: [{ name: 'PIN', type: 'text' as const }] }
    await expect(vault.run('secrets.update', open)).rejects.toMatchObject({ code: 'invalid_input' })
    const restored = await vault.run('secrets.restoreVersion', { secretId, version: 2, restore: 1 })
    expect(restored.fields).toEqual([{ name: 'PIN', type: 'hidden', value: null, filled: true }])
    const { id: renamed } = await vault.keep({ fields: [field('Code', 'hunter2', 'text')] })
    await vault.run('secrets.update', { secretId: renamed, version: 1, fields: [field('PIN', 'hunter2', 'hidden')] })
    const back = await vault.run('secrets.restoreVersion', { secretId: renamed, version: 2, restore: 1 })
    expect(back.fields).toEqual([{ name: 'Code', type: 'hidden', value: null, filled: true }])
    const shown = await vault.run('secrets.update', {
      ...open,
      version: restored.version,
      fields: [field('PIN', '1234', 'text')],
    })
    expect(shown.fields).toMatchObject([{ value: '1234' }])
  })

  test('that takes the mark sensitive away asks for step-up, so that nobody reveals around it', async () => {
    const { id: secretId } = await vault.keep({ sensitive: true })
    const script = await vault.token(['secrets:write', 'vault:reveal'])
    const unmark = { secretId, version: 1, sensitive: false }
    await expect(vault.run('secrets.update', unmark)).rejects.toMatchObject({ code: 'step_up_required' })
    await expect(vault.run('secrets.update', unmark, script)).rejects.toMatchObject({ code: 'step_up_required' })
    vault.provedUntil = vault.now + 1000
    await expect(vault.run('secrets.update', unmark, script)).rejects.toMatchObject({ code: 'step_up_required' })
    expect(await vault.run('secrets.update', unmark)).toMatchObject({ sensitive: false })
  })

  test('of an earlier version: all of them can be read and made the newest again', async () => {
    const { id: secretId } = await vault.keep({ title: 'One' })
    for (const [version, word] of ['two', 'three', 'four'].entries()) {
      const fields = [field('User name', word, 'text'), field('Password', `pass ${word}`)]
      await vault.run('secrets.update', { secretId, version: version + 1, title: word, fields })
    }
    expect(await Promise.all([1, 2, 3, 4].map((version) => reveal(secretId, 'Password', version)))).toEqual([
      'correct horse',
      'pass two',
      'pass three',
      'pass four',
    ])
    await expect(reveal(secretId, 'Password', 5)).rejects.toMatchObject({ code: 'not_found' })
    vault.now += day
    const restored = await vault.run('secrets.restoreVersion', { secretId, version: 4, restore: 2 })
    expect(restored).toMatchObject({ version: 5, title: 'two', hint: 'two', rotation: { changedAt: vault.now } })
    expect(await reveal(secretId, 'Password')).toBe('pass two')
    const first = await vault.call('secrets.history', { secretId, limit: 2 })
    const second = await vault.call('secrets.history', { secretId, limit: 2, cursor: first.nextCursor ?? '' })
    const third = await vault.call('secrets.history', { secretId, limit: 2, cursor: second.nextCursor ?? '' })
    expect([first, second, third].flatMap(({ items }) => items.map(({ version }) => version))).toEqual([5, 4, 3, 2, 1])
    expect(third.nextCursor).toBeNull()
  })
})

describe('the bin', () => {
  test('holds an item until it is brought back; nothing else is done to it meanwhile', async () => {
    const { id: secretId } = await vault.keep()
    expect(await vault.run('secrets.delete', { secretId, version: 1 })).toMatchObject({ deletedAt: vault.now })
    expect((await vault.call('secrets.list', {})).items).toEqual([])
    expect((await vault.call('secrets.list', { deleted: true })).items).toMatchObject([{ id: secretId }])
    expect(await get(secretId)).toMatchObject({ deletedAt: vault.now })
    const inBin = [
      vault.run('secrets.update', { secretId, version: 1, title: 'x' }),
      vault.run('secrets.reveal', { secretId, field: 'Password' }),
      vault.run('secrets.delete', { secretId, version: 1 }),
      vault.run('secrets.startRotation', { secretId, version: 1, fields: [field('Password', 'n')] }),
      vault.run('secrets.attach', { secretId, name: 'a', mediaType: 'text/plain', base64: '' }),
    ]
    for (const outcome of await Promise.allSettled(inBin)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
    }
    expect(() => vault.items.readFields(vault.test.db.read, secretId)).toThrow('no such secret')
    expect(await vault.run('secrets.undelete', { secretId })).toMatchObject({ deletedAt: null, version: 1 })
    expect(await vault.run('secrets.undelete', { secretId })).toMatchObject({ deletedAt: null })
    expect(await reveal(secretId, 'Password')).toBe('correct horse')
  })

  test('takes nothing that a dependant holds, and its hidden values change through a rotation alone', async () => {
    const { id: secretId } = await vault.keep()
    const holder: Dependant = { kind: 'integration', id: 'int_1', label: 'Stripe of Mill Street Studio' }
    let dependants: Dependant[] = [holder]
    const told: unknown[] = []
    vault.items.registerDependants({
      holds: true,
      dependantsOf: (_, id) => (id === secretId ? dependants : []),
      changed: (_, id, step) => void told.push([id, step]),
      deleted: (_, id) => void told.push([id, 'deleted']),
      settled: (id) => void told.push([id, 'settled']),
    })
    vault.test.db.afterCommit(() => vault.items.settle())
    expect(await get(secretId)).toMatchObject({ dependants: [holder] })
    const refused = /^Stripe of Mill Street Studio uses this secret/
    await expect(vault.run('secrets.delete', { secretId, version: 1 })).rejects.toThrow(refused)
    const fields = [field('User name', 'ada', 'text'), field('Password', 'other')]
    await expect(vault.run('secrets.update', { secretId, version: 1, fields })).rejects.toThrow(refused)
    expect(told).toEqual([])
    expect(await vault.run('secrets.update', { secretId, version: 1, title: 'Only the title' })).toMatchObject({ version: 2 })
    dependants = []
    await vault.run('secrets.update', { secretId, version: 2, fields })
    dependants = [holder]
    await expect(vault.run('secrets.restoreVersion', { secretId, version: 3, restore: 1 })).rejects.toThrow(refused)
    dependants = []
    await vault.run('secrets.delete', { secretId, version: 3 })
    expect(told).toEqual([
      [secretId, { from: 2, to: 3, now: vault.now }],
      [secretId, 'settled'],
      [secretId, 'deleted'],
      [secretId, 'settled'],
    ])
  })
})

describe('uses', () => {
  test('are listed newest first, each proved by the audit row of the command that did it', async () => {
    const businessId = await vault.business()
    const { id: secretId } = await vault.keep({ businessId })
    const script = await vault.token(['vault:reveal', 'secrets:write'])
    vault.now += 1000
    await vault.run('secrets.reveal', { secretId, field: 'password' }, script)
    await vault.run('secrets.update', { secretId, version: 1, tags: ['x'] }, script)
    const items = await uses(secretId)
    expect(items.map(({ action, actor, field: name }) => [action, actor, name])).toEqual([
      ['changed', script.name, null],
      ['revealed', script.name, 'Password'],
      ['created', 'owner', null],
    ])
    for (const { auditSeq, procedure, actor, door, at } of items) {
      const row = vault.test.db.read.get(
        sql`SELECT procedure, actor, door, at, business_id AS businessId, outcome FROM audit_row WHERE seq = ${auditSeq}`,
      )
      expect(row).toEqual({ procedure, actor, door, at, businessId, outcome: 'done' })
    }
    expect(await get(secretId)).toMatchObject({ lastUsedAt: vault.now })
    const first = await vault.call('secrets.usage', { secretId, limit: 2 })
    const rest = await vault.call('secrets.usage', { secretId, limit: 2, cursor: first.nextCursor ?? '' })
    expect([...first.items, ...rest.items]).toEqual(items)
    expect(rest.nextCursor).toBeNull()
  })

  test('cannot be changed, removed, or proved by a row of something else', async () => {
    const { id: secretId } = await vault.keep()
    const { db } = vault.test
    expect(() => db.write((w) => w.run(sql`UPDATE secret_use SET actor = 'assistant'`))).toThrow('not changed')
    expect(() => db.write((w) => w.run(sql`DELETE FROM secret_use`))).toThrow('is kept')
    const act = { actor: 'assistant', door: 'api', procedure: 'broker.call', now: vault.now, secretId, action: 'used' } as const
    expect(() => db.write((w) => vault.items.recordUse(w, act))).toThrow('FOREIGN KEY')
    expect(() => db.write((w) => vault.items.recordUse(w, { ...act, auditSeq: 1 }))).toThrow('proved by an audit row of the same')
    await expect(
      Promise.resolve().then(() =>
        db.write((w) => vault.items.create(w, { businessId: null, kind: 'note', title: 'x', fields: [] }, act)),
      ),
    ).rejects.toThrow('FOREIGN KEY')
  })
})

test('a token sees and changes what its scopes open, and no more', async () => {
  const { id: secretId } = await vault.keep()
  const reader: Actor = await vault.token(['secrets:read'])
  const writer: Actor = await vault.token(['secrets:write'])
  await expect(vault.call('secrets.get', { secretId }, reader)).resolves.toMatchObject({ id: secretId })
  for (const actor of [reader, writer]) {
    await expect(vault.run('secrets.reveal', { secretId, field: 'Password' }, actor)).rejects.toMatchObject({ code: 'forbidden' })
  }
  await expect(vault.run('secrets.delete', { secretId, version: 1 }, reader)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(vault.call('secrets.get', { secretId }, writer)).rejects.toMatchObject({ code: 'forbidden' })
})
