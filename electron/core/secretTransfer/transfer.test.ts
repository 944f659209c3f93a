import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Output } from '../../../shared/contract/index'
import { type Desk, openDesk } from '../../../tests/support/desk'
import { type LiveApp, openLiveApp, passphrase } from '../../../tests/support/liveApp'
import { sql } from '../db/index'

let live: LiveApp
let desk: Desk
beforeAll(async () => {
  live = await openLiveApp('practice')
  desk = await openDesk(live)
})
afterAll(() => live.close())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const csv = 'name,url,username,password,note\nShop,https://shop.example,ada,pw-one,\nBank,https://bank.example,ada,pw-two,hi\n'

async function preview(content: string, format: 'csv' | 'env' | 'countinghouse' = 'csv', password?: string) {
  const { preview: found } = await live.run('secrets.previewImport', {
    businessId: desk.businessId,
    format,
    content: base64(content),
    ...(password === undefined ? {} : { password }),
  })
  if (found === null) throw new Error('Nothing was read')
  return found
}
const statesOf = async (content: string) => (await preview(content)).items.map(({ title, state }) => `${title}: ${state}`)
const titles = async () =>
  (await live.call('secrets.list', { businessId: desk.businessId, limit: 200 })).items.map(({ title }) => title)
const reveal = async (title: string) => {
  const { items } = await live.call('secrets.list', { businessId: desk.businessId, query: title })
  return (await live.run('secrets.reveal', { secretId: items[0]?.id ?? '', field: 'Password' })).value
}

describe('importing', () => {
  test('shows what is in the file without its secrets, takes over what was chosen, and knows it again', async () => {
    const found = await preview(csv)
    expect(JSON.stringify(found)).not.toContain('pw-one')
    expect(found.items[0]).toMatchObject({
      title: 'Shop',
      hint: 'ada',
      state: 'new',
      fieldNames: ['Website', 'User name', 'Password'],
    })
    expect(await live.run('secrets.import', { importId: found.importId, indexes: [1] })).toEqual({ imported: 1, skipped: 0 })
    expect(await titles()).toContain('Bank')
    expect(await titles()).not.toContain('Shop')
    expect(await reveal('Bank')).toBe('pw-two')
    expect(await statesOf(csv)).toEqual(['Shop: new', 'Bank: same'])
    expect(await statesOf(csv.replace('pw-two', 'pw-new'))).toEqual(['Shop: new', 'Bank: changed'])
  })

  test('what is here already is skipped; a preview is good once; an index beyond it takes nothing', async () => {
    const { importId } = await preview(csv)
    expect(await live.send('secrets.import', { importId, indexes: [0, 9] })).toMatchObject({ status: 400 })
    expect(await titles()).not.toContain('Shop')
    expect(await live.run('secrets.import', { importId, indexes: [0, 1, 1] })).toEqual({ imported: 1, skipped: 1 })
    expect(await live.send('secrets.import', { importId, indexes: [0] })).toMatchObject({ status: 404 })
  })

  test('tells nobody who may not see values whether a guessed one is right', async () => {
    const pins = (from: number, to: number) =>
      `name,username,password\n${Array.from({ length: to - from }, (_, n) => `Safe,ada,${String(from + n).padStart(4, '0')}`).join('\n')}\n`
    const { importId } = await preview(pins(4711, 4712))
    await live.run('secrets.import', { importId, indexes: [0] })
    const { token } = await live.run('tokens.create', { name: 'Blind', scopes: ['secrets:write'], expiresInHours: 1 })
    const guess = { businessId: desk.businessId, format: 'csv', content: base64(pins(4700, 4720)) } as const
    const answer = await live.send('secrets.previewImport', guess, token)
    const { items } = (answer.body as { value: Output<'secrets.previewImport'> }).value.preview ?? { items: [] }
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['changed']))
    const own = await preview(pins(4700, 4720))
    expect(own.items.flatMap(({ index, state }) => (state === 'same' ? [index] : []))).toEqual([11])
  })

  test('a damaged file, and one that is chosen where there is no dialog answer, change nothing', async () => {
    const before = await titles()
    expect(await live.send('secrets.previewImport', { format: 'csv', content: base64('a,b\n') })).toMatchObject({ status: 400 })
    expect(await live.run('secrets.previewImport', { format: 'kdbx' })).toEqual({ preview: null })
    expect(await titles()).toEqual(before)
  })
})

describe('exporting', () => {
  test('V11: asks for step-up first, and each item’s use is recorded with its audit row before a value leaves', async () => {
    expect(await live.send('secrets.export', { format: 'plain' })).toMatchObject({
      status: 403,
      body: { error: { code: 'step_up_required' } },
    })
    await live.run('vault.stepUp', { passphrase })
    const { base64: content, count } = await live.run('secrets.export', { businessId: desk.businessId, format: 'plain' })
    const text = Buffer.from(content ?? '', 'base64').toString()
    expect(text).toContain('pw-two')
    const uses = live.db.all<{ seq: number }>(sql`SELECT audit_seq AS seq FROM secret_use WHERE action = 'exported'`)
    expect(uses).toHaveLength(count)
    const proof = live.db.get<{ procedure: string }>(sql`SELECT procedure FROM audit_row WHERE seq = ${uses[0]?.seq ?? 0}`)
    expect(proof?.procedure).toBe('secrets.export')
  })

  test('a card says how much leaves and who could read it; the ready rule over sensitive items sees those in it', async () => {
    const fields = [{ name: 'Key', type: 'hidden' as const, value: 'of great weight' }]
    await live.run('secrets.create', { kind: 'api_key', title: 'Root key', sensitive: true, fields })
    await live.run('policies.setPreset', { presetId: 'reveal_sensitive', on: true })
    await live.run('vault.stepUp', { passphrase })
    const ofBusiness = {
      businessId: desk.businessId,
      format: 'encrypted',
      passphrase: 'lanterns over the harbour at nine',
    } as const
    expect((await live.call('secrets.export', ofBusiness)).status).toBe('done')
    expect((await live.call('secrets.export', { format: 'plain' })).status).toBe('awaitingApproval')
    const [card] = (await live.call('approvals.list', { status: 'pending' })).items
    const { items } = await live.call('secrets.list', { limit: 200 })
    expect(card?.facts).toMatchObject({
      businessId: null,
      what: 'Write secrets to a file that anybody can read who gets it',
      after: { Items: String(items.length), Sensitive: '1', Format: 'plain', Of: 'every business and the vault' },
      undo: 'no',
    })
    expect(card?.facts.why).toContain('on a sensitive item asks')
    const { id: approvalId, digest } = card ?? { id: '', digest: '' }
    await live.run('approvals.decide', { approvalId, digest, decision: 'approve' })
    const { base64: content } = await live.run('secrets.export', { format: 'plain' })
    expect(Buffer.from(content ?? '', 'base64').toString()).toContain('of great weight')
    await live.run('policies.setPreset', { presetId: 'reveal_sensitive', on: false })
  })

  test('an encrypted export opens with its own passphrase alone, and comes back as the same items', async () => {
    await live.run('vault.stepUp', { passphrase })
    const own = 'lanterns over the harbour at nine'
    const weak = await live.send('secrets.export', { format: 'encrypted', passphrase: 'short' })
    expect(weak).toMatchObject({ status: 400 })
    const { base64: content } = await live.run('secrets.export', {
      businessId: desk.businessId,
      format: 'encrypted',
      passphrase: own,
    })
    const text = Buffer.from(content ?? '', 'base64').toString()
    expect(text).not.toContain('pw-two')
    const wrong = { format: 'countinghouse', content: base64(text), password: passphrase } as const
    expect(await live.send('secrets.previewImport', wrong)).toMatchObject({ status: 403 })
    expect((await preview(text, 'countinghouse', own)).items.map(({ state }) => state)).not.toContain('new')
    const changed = text.replace(/"sealed": "(.)/, (_, first: string) => `"sealed": "${first === 'A' ? 'B' : 'A'}`)
    expect(await live.send('secrets.previewImport', { ...wrong, content: base64(changed), password: own })).toMatchObject({
      status: 403,
    })
  })

  test('an export keeps files, what is sensitive and when it is due, and says which files it leaves', async () => {
    await live.run('vault.stepUp', { passphrase })
    const { id: other } = await live.run('businesses.create', {
      name: 'Second studio',
      currency: 'USD',
      country: 'US',
      timeZone: 'UTC',
    })
    const { id: secretId } = await live.run('secrets.create', {
      businessId: other,
      kind: 'file',
      title: 'Lease',
      sensitive: true,
      rotateEveryDays: 30,
      fields: [],
    })
    await live.run('secrets.attach', { secretId, name: 'lease.txt', mediaType: 'text/plain', base64: base64('signed') })
    const whole = await live.run('secrets.export', { businessId: other, format: 'plain' })
    expect(whole).toMatchObject({ count: 1, left: [] })
    const found = await preview(Buffer.from(whole.base64 ?? '', 'base64').toString(), 'countinghouse')
    expect(found.items).toMatchObject([{ title: 'Lease', state: 'new', attachmentCount: 1 }])
    await live.run('secrets.import', { importId: found.importId, indexes: [0] })
    const { items } = await live.call('secrets.list', { businessId: desk.businessId, query: 'Lease', limit: 200 })
    const copies = await Promise.all(items.map(({ id }) => live.call('secrets.get', { secretId: id })))
    const copy = copies.find(({ attachments }) => attachments.some(({ name }) => name === 'lease.txt'))
    expect(copy).toMatchObject({ sensitive: true, rotation: { everyDays: 30 } })
    const attachmentId = copy?.attachments[0]?.id ?? ''
    expect((await live.run('secrets.attachment', { attachmentId })).base64).toBe(base64('signed'))

    const again = await preview(Buffer.from(whole.base64 ?? '', 'base64').toString(), 'countinghouse')
    expect(again.items.map(({ state }) => state)).toEqual(['same'])

    const half = { mediaType: 'text/plain', base64: Buffer.alloc(512 * 1024).toString('base64') }
    for (let i = 1; i <= 32; i++) await live.run('secrets.attach', { secretId, name: `scan ${i}.txt`, ...half })
    const { left } = await live.run('secrets.export', { businessId: other, format: 'plain' })
    expect(left).toEqual(['The file "scan 32.txt" of "Lease": an export holds 16 MiB of files. Save it by itself.'])
  })
})
