import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LiveApp, openLiveApp, ownerToken } from '../../tests/support/liveApp'
import { countRows } from '../../tests/support/tables'
import { sql } from '../core/db/index'

let live: LiveApp
let businessId: string

beforeAll(async () => {
  live = await openLiveApp()
  const input = { name: 'Mill Street Studio', currency: 'USD', country: 'US', timeZone: 'America/New_York' }
  businessId = (await live.run('businesses.create', input)).id
})
afterAll(() => live.close())

const line = (externalId: string, minor = 100, more: object = {}) =>
  JSON.stringify({
    externalId,
    occurredOn: '2026-01-10',
    description: 'Paper',
    postings: [
      { account: 'assets:bank', minor: -minor, currency: 'USD' },
      { account: 'expenses:paper', minor, currency: 'USD' },
    ],
    ...more,
  })

async function send(body: BodyInit | null, more: { query?: string; type?: string | null; token?: string } = {}) {
  const { query = `businessId=${businessId}`, type = 'application/x-ndjson', token = ownerToken } = more
  const answer = await fetch(`${live.url}/api/v1/ledger/import?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(type === null ? {} : { 'content-type': type }) },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit)
  return { status: answer.status, body: (await answer.json()) as { error?: { code: string; message: string } } }
}

const entries = () => countRows(live.db, 'journal_entry')
const auditRows = () =>
  live.db
    .all<{ outcome: string; details: string }>(
      sql`SELECT outcome, details FROM audit_row WHERE procedure = 'ledger.import' ORDER BY seq`,
    )
    .map(({ outcome, details }) => ({ outcome, ...(JSON.parse(details) as object) }))

describe('a streamed import', () => {
  test('answers its counts bare and leaves one audit row with the count and the SHA-256 of the stream', async () => {
    const text = `${line('a')}\n${line('b')}\n${line('a')}`
    const chunks = [text.slice(0, 30), text.slice(30, 31), text.slice(31)]
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk === undefined) controller.close()
        else controller.enqueue(Buffer.from(chunk))
      },
    })
    expect(await send(stream)).toEqual({ status: 200, body: { imported: 2, skipped: 1 } })
    expect(auditRows()).toEqual([
      {
        outcome: 'done',
        businessId,
        importId: 'imp_1',
        imported: 2,
        skipped: 1,
        bytes: text.length,
        sha256: createHash('sha256').update(text).digest('hex'),
        inputDigest: expect.any(String),
      },
    ])
  })

  test('larger than any other body is taken', async () => {
    const lines = Array.from({ length: 8_000 }, (_, i) => line(`big-${i}`)).join('\n')
    expect(lines.length).toBeGreaterThan(1024 * 1024)
    expect(await send(lines)).toEqual({ status: 200, body: { imported: 8_000, skipped: 0 } })
  })

  test.each([
    ['no JSON', 'nope', 2],
    ['an array', '[]', 2],
    ['half a line', line('x').slice(0, -5), 2],
    ['an entry that does not balance', line('x', 100, { postings: [{ account: 'assets:bank', minor: 1, currency: 'USD' }] }), 2],
    ['a fraction of a minor unit', line('x', 0.5), 2],
    ['an unsafe integer', line('x', 2 ** 53), 2],
    ['a currency that does not exist', line('x').replaceAll('USD', 'XXX'), 2],
    ['a date that does not exist', line('x', 100, { occurredOn: '2026-02-30' }), 2],
    ['an account without a root', line('x').replace('assets:bank', 'foo:bank'), 2],
    ['a field too many', line('x', 100, { admin: true }), 2],
    ['control characters', line('x', 100, { description: 'a\u0000b' }), 2],
    ['half a surrogate pair', line('x', 100, { description: 'a\ud800b' }), 2],
    ['a line over 1 MiB', line('x', 100, { description: 'y'.repeat(1024 * 1024) }), 2],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 2],
  ])('with %s in a line is refused whole, naming the line', async (_, bad, number) => {
    const before = entries()
    const answer = await send(Buffer.concat([Buffer.from(`${line('new')}\n`), Buffer.from(bad), Buffer.from(`\n${line('z')}\n`)]))
    expect([400, 413]).toContain(answer.status)
    expect(answer.body.error?.message).toMatch(new RegExp(`^Line ${number} .*Nothing was imported`))
    expect(answer.body.error?.message.length).toBeLessThan(400)
    expect(entries()).toBe(before)
    expect(auditRows().at(-1)).toMatchObject({ outcome: expect.stringMatching(/^failed:(invalid_input|too_large)$/) })
  })

  test('of another type, without a body, for no business or with a strange query is refused in words', async () => {
    const before = entries()
    expect((await send(line('y'), { type: 'application/json' })).status).toBe(415)
    expect((await send(line('y'), { type: 'text/plain' })).status).toBe(415)
    expect((await send(null, { type: null })).status).toBe(400)
    for (const [query, status] of [
      ['', 400],
      ['businessId=', 400],
      ['businessId=biz_unknown', 404],
      [`businessId=${businessId}&businessId=${businessId}`, 400],
      [`businessId=${businessId}&admin=1`, 400],
      [`businessId=${businessId}&__proto__=1`, 400],
      [`businessId=${businessId}&requestId=a%20b`, 400],
      ['businessId=%ff', 400],
    ] as const) {
      expect([query, (await send(line('y'), { query })).status]).toEqual([query, status])
    }
    expect((await send(line('y'), { token: 'wrong' })).status).toBe(401)
    expect(entries()).toBe(before)
  })

  test('with an empty body, or blank lines alone, is refused and leaves nothing', async () => {
    const before = entries()
    const inPieces = (...pieces: string[]) =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(Buffer.from(piece))
          controller.close()
        },
      })
    for (const [body, type] of [
      ['', 'application/x-ndjson'],
      ['', 'application/json'],
      ['', 'text/plain'],
      ['\n', 'application/x-ndjson'],
      [inPieces(), 'application/x-ndjson'],
      [inPieces(), 'text/plain'],
      [inPieces('\n', ' \n'), 'application/x-ndjson'],
    ] as const) {
      const answer = await send(body, { type })
      expect([type, answer.status, answer.body.error?.code]).toEqual([type, 400, 'invalid_input'])
    }
    expect((await send(inPieces(line('y')), { type: 'text/plain' })).status).toBe(415)
    expect(entries()).toBe(before)
  })

  test('L6: sent again under its requestId gives the first counts', async () => {
    const query = `businessId=${businessId}&requestId=import-1`
    const first = await send(`${line('r1')}\n${line('r2')}`, { query })
    expect(first).toEqual({ status: 200, body: { imported: 2, skipped: 0 } })
    await live.restart()
    expect(await send(`${line('r1')}\n${line('r2')}`, { query })).toEqual(first)
  })
})
