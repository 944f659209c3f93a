import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Dependant, Secret } from '../../../shared/contract/secrets'
import type { AppError } from '../../../shared/errors'
import { sql } from '../db'
import type { CredentialTest } from '../ports/credentialTester'
import { field, openTestVault, type TestVault } from './testing'
import { retireRotations } from './upkeep'

const hour = 3_600_000
const day = 24 * hour

let vault: TestVault
beforeEach(() => {
  vault = openTestVault()
})
afterEach(() => vault.cleanup())

const reveal = (secretId: string, version?: number) =>
  vault
    .run('secrets.reveal', { secretId, field: 'Password', ...(version === undefined ? {} : { version }) })
    .then(({ value }) => value)
const start = (item: Pick<Secret, 'id' | 'version'>, value: string) =>
  vault.run('secrets.startRotation', { secretId: item.id, version: item.version, fields: [field('password', value)] })
const confirm = (secretId: string) => vault.run('secrets.testRotation', { secretId, confirmedByOwner: true })
const retire = () => vault.test.db.write((w) => retireRotations(w, vault.items, vault.now))

describe('a rotation', () => {
  test('goes in two phases: added beside the old value, tested, in use with the old one kept, retired', async () => {
    const item = await vault.keep({ rotateEveryDays: 90 })
    const created = vault.now
    expect(item.rotation).toMatchObject({ phase: 'none', everyDays: 90, changedAt: created, dueAt: created + 90 * day })
    vault.now += 80 * day
    const added = await start(item, 'battery staple')
    expect(added).toMatchObject({ version: 1, rotationPhase: 'added', dueAt: created + 90 * day })
    expect(added.rotation).toMatchObject({ phase: 'added', testedAt: null, problem: null, retiresAt: null })
    expect(await reveal(item.id)).toBe('correct horse')
    await expect(reveal(item.id, 2)).rejects.toMatchObject({ code: 'not_found' })
    expect((await vault.call('secrets.history', { secretId: item.id })).items).toHaveLength(1)

    expect((await confirm(item.id)).rotation).toMatchObject({ phase: 'tested', testedAt: vault.now, problem: null })
    vault.now += hour
    const finished = await vault.run('secrets.finishRotation', { secretId: item.id })
    expect(finished).toMatchObject({ version: 2, rotationPhase: 'overlap', dueAt: vault.now + 90 * day, updatedAt: vault.now })
    expect(finished.rotation).toMatchObject({ changedAt: vault.now, retiresAt: vault.now + day })
    expect([await reveal(item.id), await reveal(item.id, 1)]).toEqual(['battery staple', 'correct horse'])
    const [newest] = (await vault.call('secrets.history', { secretId: item.id })).items
    expect(newest).toMatchObject({ version: 2, at: vault.now, changed: ['Password'] })

    vault.now += day - 1
    expect(retire()).toEqual([])
    vault.now += 1
    expect(retire()).toEqual([item.id])
    expect((await vault.call('secrets.get', { secretId: item.id })).rotation).toMatchObject({
      phase: 'none',
      retiresAt: null,
      testedAt: null,
    })
    await expect(vault.run('secrets.cancelRotation', { secretId: item.id })).rejects.toMatchObject({ code: 'conflict' })
    expect(await reveal(item.id, 1)).toBe('correct horse')
    const uses = (await vault.call('secrets.usage', { secretId: item.id, limit: 100 })).items
    expect(
      uses.filter(({ action }) => action !== 'revealed').map(({ action, outcome, actor }) => [action, outcome, actor]),
    ).toEqual([
      ['rotated', 'retired', 'schedule:secrets'],
      ['rotated', 'done', 'owner'],
      ['tested', 'done', 'owner'],
      ['rotated', 'started', 'owner'],
      ['created', 'done', 'owner'],
    ])
    for (const { auditSeq, procedure } of uses) {
      expect(vault.test.db.read.get(sql`SELECT procedure FROM audit_row WHERE seq = ${auditSeq}`)).toEqual({ procedure })
    }
  })

  test('is cancelled before it is finished without a trace in the history, and within the overlap by going back', async () => {
    const item = await vault.keep()
    await start(item, 'one')
    expect(await vault.run('secrets.cancelRotation', { secretId: item.id })).toMatchObject({ version: 1, rotationPhase: 'none' })
    await start(item, 'two')
    await confirm(item.id)
    await vault.run('secrets.cancelRotation', { secretId: item.id })
    await start(item, 'three')
    await confirm(item.id)
    await vault.run('secrets.finishRotation', { secretId: item.id, overlapHours: 2 })
    const back = await vault.run('secrets.cancelRotation', { secretId: item.id })
    expect(back).toMatchObject({ version: 3, rotationPhase: 'none' })
    expect([await reveal(item.id), await reveal(item.id, 2), await reveal(item.id, 1)]).toEqual([
      'correct horse',
      'three',
      'correct horse',
    ])
    expect((await vault.call('secrets.history', { secretId: item.id })).items.map(({ version }) => version)).toEqual([3, 2, 1])
  })

  test('without an overlap retires the old value at once', async () => {
    const item = await vault.keep()
    await start(item, 'one')
    await confirm(item.id)
    const done = await vault.run('secrets.finishRotation', { secretId: item.id, overlapHours: 0 })
    expect(done).toMatchObject({ version: 2, rotationPhase: 'none', rotation: { retiresAt: null } })
  })

  test('within the overlap the old value is retired as soon as its owner says so', async () => {
    const item = await vault.keep()
    await start(item, 'one')
    await confirm(item.id)
    await vault.run('secrets.finishRotation', { secretId: item.id })
    await expect(vault.run('secrets.finishRotation', { secretId: item.id })).rejects.toMatchObject({ code: 'conflict' })
    const done = await vault.run('secrets.finishRotation', { secretId: item.id, overlapHours: 0 })
    expect(done).toMatchObject({ version: 2, rotationPhase: 'none', rotation: { retiresAt: null, changedAt: vault.now } })
    expect(await reveal(item.id)).toBe('one')
    await expect(vault.run('secrets.cancelRotation', { secretId: item.id })).rejects.toMatchObject({ code: 'conflict' })
    const { items } = await vault.call('secrets.usage', { secretId: item.id })
    expect(items.find(({ outcome }) => outcome === 'retired')).toMatchObject({ action: 'rotated', actor: 'owner' })
  })

  test('keeps edits out while a value waits, and ends when other values are entered within the overlap', async () => {
    const item = await vault.keep()
    await start(item, 'one')
    for (const edit of [
      vault.run('secrets.update', { secretId: item.id, version: 1, title: 'x' }),
      vault.run('secrets.restoreVersion', { secretId: item.id, version: 1, restore: 1 }),
    ]) {
      await expect(edit).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('rotation') })
    }
    await confirm(item.id)
    await vault.run('secrets.finishRotation', { secretId: item.id })
    expect(await vault.run('secrets.update', { secretId: item.id, version: 2, title: 'x' })).toMatchObject({
      rotationPhase: 'overlap',
    })
    const fields = [field('Password', 'typed in')]
    expect(await vault.run('secrets.update', { secretId: item.id, version: 3, fields })).toMatchObject({ rotationPhase: 'none' })
  })

  test('of an item that is deleted is dropped', async () => {
    const item = await vault.keep()
    await start(item, 'one')
    await vault.run('secrets.delete', { secretId: item.id, version: 1 })
    expect(await vault.run('secrets.undelete', { secretId: item.id })).toMatchObject({ version: 1, rotationPhase: 'none' })
    expect(await reveal(item.id)).toBe('correct horse')
  })

  test('needs a new value, and adds fields that were not there', async () => {
    const item = await vault.keep()
    await expect(start(item, 'correct horse')).rejects.toMatchObject({ code: 'invalid_input' })
    const fields = [field('Backup code', 'b c'), field('Password', 'one')]
    await vault.run('secrets.startRotation', { secretId: item.id, version: 1, fields })
    await confirm(item.id)
    const done = await vault.run('secrets.finishRotation', { secretId: item.id })
    expect(done.fields.map(({ name }) => name)).toEqual(['User name', 'Password', 'Backup code'])
  })
})

describe('the test of a rotation', () => {
  test('is the owner’s word where nobody can be asked', async () => {
    const item = await vault.keep()
    await start(item, 'one')
    const secretId = item.id
    await expect(vault.run('secrets.testRotation', { secretId })).rejects.toMatchObject({ code: 'invalid_input' })
    const script = await vault.token(['secrets:write'])
    await expect(vault.run('secrets.testRotation', { secretId, confirmedByOwner: true }, script)).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(vault.run('secrets.finishRotation', { secretId })).rejects.toMatchObject({ code: 'conflict' })
    await expect(vault.run('secrets.test', { secretId })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('is the provider’s answer where it can be asked, which no word of the owner replaces', async () => {
    let answer: CredentialTest = { ok: false, message: 'The provider does not take it.' }
    const asked: string[] = []
    const held: Buffer[] = []
    vault.testers.set('login', {
      host: 'api.example.com',
      test: async (fields) => {
        asked.push(fields.get('password')?.toString() ?? '')
        held.push(...fields.values())
        return answer
      },
    })
    const item = await vault.keep()
    const secretId = item.id
    await start(item, 'one')
    expect((await confirm(secretId)).rotation).toMatchObject({
      phase: 'added',
      testedAt: vault.now,
      problem: 'The provider does not take it.',
    })
    await expect(vault.run('secrets.finishRotation', { secretId })).rejects.toMatchObject({ code: 'conflict' })
    answer = { ok: true, message: 'Fine.' }
    vault.now += 1
    expect((await vault.run('secrets.testRotation', { secretId })).rotation).toMatchObject({
      phase: 'tested',
      testedAt: vault.now,
      problem: null,
    })
    answer = { ok: false, message: 'Revoked.' }
    expect((await vault.run('secrets.testRotation', { secretId })).rotation).toMatchObject({
      phase: 'added',
      problem: 'Revoked.',
    })
    expect(await vault.run('secrets.test', { secretId })).toEqual(answer)
    expect(asked).toEqual(['one', 'one', 'one', 'correct horse'])
    expect(held.every((value) => value.every((byte) => byte === 0))).toBe(true)
    const uses = (await vault.call('secrets.usage', { secretId })).items.filter(({ action }) => action === 'tested')
    expect(uses.map(({ outcome, host, procedure }) => [outcome, host, procedure])).toEqual([
      ['failed', 'api.example.com', 'secrets.test'],
      ['failed', 'api.example.com', 'secrets.testRotation'],
      ['done', 'api.example.com', 'secrets.testRotation'],
      ['failed', 'api.example.com', 'secrets.testRotation'],
    ])
  })

  test('says nothing about a value that took the place of the tested one meanwhile', async () => {
    let asked: () => void = () => undefined
    let answer: (test: CredentialTest) => void = () => undefined
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    vault.testers.set('login', {
      host: 'api.example.com',
      test: () =>
        new Promise((resolve) => {
          answer = resolve
          asked()
        }),
    })
    const item = await vault.keep()
    await start(item, 'good')
    const tested = vault.run('secrets.testRotation', { secretId: item.id })
    await isAsked
    await vault.run('secrets.cancelRotation', { secretId: item.id })
    await start(item, 'never tested')
    answer({ ok: true, message: 'Fine.' })
    await expect(tested).rejects.toMatchObject({ code: 'conflict' })
    expect((await vault.call('secrets.get', { secretId: item.id })).rotationPhase).toBe('added')
  })
})

test('whoever depends on the item hears of the new value when it is finished, and of the old one when it comes back', async () => {
  const holder: Dependant = { kind: 'integration', id: 'int_1', label: 'Stripe of Mill Street Studio' }
  const heard: unknown[] = []
  const item = await vault.keep()
  vault.items.registerDependants({
    holds: true,
    dependantsOf: () => [holder],
    changed: (w, id, { from, to }) =>
      heard.push([
        from,
        to,
        vault.items
          .readFields(w, id)
          .map(({ value }) => value.toString())
          .at(-1),
      ]),
  })
  await start(item, 'one')
  await confirm(item.id)
  expect(heard).toEqual([])
  await vault.run('secrets.finishRotation', { secretId: item.id })
  await vault.run('secrets.cancelRotation', { secretId: item.id })
  expect(heard).toEqual([
    [1, 2, 'one'],
    [2, 3, 'correct horse'],
  ])
})

test('any order of steps leads where the machine of its states says, and never loses the value in use', async () => {
  type Phase = Secret['rotationPhase']
  const steps = ['start', 'test', 'fail', 'finish', 'finishNow', 'cancel', 'retire', 'edit', 'rename'] as const
  const next: Record<(typeof steps)[number], Partial<Record<Phase, Phase>>> = {
    start: { none: 'added', overlap: 'added' },
    test: { added: 'tested', tested: 'tested' },
    fail: { added: 'added', tested: 'added' },
    finish: { tested: 'overlap' },
    finishNow: { tested: 'none', overlap: 'none' },
    cancel: { added: 'none', tested: 'none', overlap: 'none' },
    retire: { none: 'none', added: 'added', tested: 'tested', overlap: 'none' },
    edit: { none: 'none', overlap: 'none' },
    rename: { none: 'none', overlap: 'overlap' },
  }
  let ok = true
  vault.testers.set('login', { host: 'api.example.com', test: async () => ({ ok, message: 'As asked.' }) })
  let values = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 5, maxLength: 30 }), async (sequence) => {
      const { id: secretId } = await vault.keep()
      let phase: Phase = 'none'
      let inUse = 'correct horse'
      let waiting = ''
      let before = ''
      let version = 1
      for (const step of sequence) {
        const target: Phase | undefined = next[step][phase]
        const value = `value ${++values}`
        ok = step === 'test'
        const carriedOut = await act(step, secretId, version, value)
        expect([step, phase, carriedOut]).toEqual([step, phase, target !== undefined])
        if (target === undefined) continue
        if (step === 'start') waiting = value
        const finishes = step === 'finish' || (step === 'finishNow' && phase === 'tested')
        if (finishes) [before, inUse] = [inUse, waiting]
        if (step === 'cancel' && phase === 'overlap') inUse = before
        if (step === 'edit') inUse = value
        if (finishes || step === 'edit' || step === 'rename' || (step === 'cancel' && phase === 'overlap')) version += 1
        phase = target
        const now = await vault.call('secrets.get', { secretId })
        expect([now.rotationPhase, now.version]).toEqual([phase, version])
        expect(now.rotation.retiresAt !== null).toBe(phase === 'overlap')
        expect(await reveal(secretId)).toBe(inUse)
        const rows = vault.test.db.read.get(sql`SELECT count(*) AS n FROM secret_version WHERE secret_id = ${secretId}`)
        expect(rows).toEqual({ n: version + (phase === 'added' || phase === 'tested' ? 1 : 0) })
      }
    }),
    { numRuns: 40 },
  )

  async function act(step: (typeof steps)[number], secretId: string, version: number, value: string): Promise<boolean> {
    const done = async (call: Promise<unknown>) =>
      call.then(
        () => true,
        (error: AppError) => {
          expect(error.code).toBe('conflict')
          return false
        },
      )
    switch (step) {
      case 'start':
        return done(start({ id: secretId, version }, value))
      case 'test':
      case 'fail':
        return done(vault.run('secrets.testRotation', { secretId }))
      case 'finish':
        return done(vault.run('secrets.finishRotation', { secretId }))
      case 'finishNow':
        return done(vault.run('secrets.finishRotation', { secretId, overlapHours: 0 }))
      case 'cancel':
        return done(vault.run('secrets.cancelRotation', { secretId }))
      case 'retire':
        vault.now += 2 * day
        retire()
        return true
      case 'edit':
        return done(vault.run('secrets.update', { secretId, version, fields: [field('Password', value)] }))
      case 'rename':
        return done(vault.run('secrets.update', { secretId, version, title: value }))
    }
  }
})
