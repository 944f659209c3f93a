import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { sql } from '../db'
import type { AuditDetail, TaskContext } from '../dispatch/handler'
import { LedgerImporter } from './import/importer'
import { ledgerHandlers } from './index'
import { openTestBooks, type TestBooks, testNow } from './testing'

let books: TestBooks
let importer: LedgerImporter
let handlers: ReturnType<typeof ledgerHandlers>
let noted: Record<string, AuditDetail>
let settled: unknown[]

beforeEach(() => {
  books = openTestBooks()
  importer = new LedgerImporter({ database: books.test.db })
  handlers = ledgerHandlers({ importer, explain: {} })
  noted = {}
  settled = []
})
afterEach(async () => {
  await importer.stop()
  books.cleanup()
})

const actor = { name: 'owner', scopes: new Set<never>() } as const
const query = () => ({ actor, door: 'api', now: testNow, db: books.test.db.read }) as const

async function refusal(run: () => unknown): Promise<AppError> {
  try {
    await run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused')
}

async function runImport(text: string | null): Promise<{ imported: number; skipped: number }> {
  const handler = handlers['ledger.import']
  if (!('task' in handler)) throw new Error('No task')
  const stream = async function* (bytes: string) {
    yield Buffer.from(bytes)
  }
  const body = text === null ? null : stream(text)
  const { signal } = new AbortController()
  const settle = (_w: unknown, output: unknown) => void settled.push(output)
  const note = (details: Record<string, AuditDetail>) => void Object.assign(noted, details)
  const context: TaskContext = {
    ...{ actor, door: 'api', now: testNow, database: books.test.db, signal, body, settle, note },
    changed: () => undefined,
    spendPermit: () => undefined,
  }
  return handler.task(context, { businessId: books.businessId })
}

describe('import and export', () => {
  const importedLine = JSON.stringify({
    externalId: 'x1',
    occurredOn: '2026-01-10',
    description: 'Rent',
    postings: [
      { account: 'assets:bank', minor: -100, currency: 'USD' },
      { account: 'expenses:rent', minor: 100, currency: 'USD' },
    ],
  })

  it('answer what was imported, and need a body', async () => {
    expect(await runImport(importedLine)).toEqual({ imported: 1, skipped: 0 })
    expect(noted).toMatchObject({ businessId: books.businessId, imported: 1, skipped: 0, importId: 'imp_1' })
    expect(settled).toEqual([{ imported: 1, skipped: 0 }])
    expect((await refusal(() => runImport(null))).code).toBe('unsupported_media_type')
    expect((await refusal(() => runImport(''))).code).toBe('invalid_input')
    expect(settled).toHaveLength(1)
  })

  it('give the journal as one value', async () => {
    books.transfer({})
    for (const format of ['csv', 'hledger', 'beancount'] as const) {
      const file = await handlers['ledger.export'](query(), { businessId: books.businessId, format })
      expect(contract['ledger.export'].output.parse(file).content).toMatch(/2026-01-10/)
    }
  })

  it('send those who ask for more than one answer holds to the stream', async () => {
    books.transfer({})
    books.test.db.write((w) => w.run(sql`UPDATE entry_day SET entries = 50001`))
    const error = await refusal(() => handlers['ledger.export'](query(), { businessId: books.businessId, format: 'csv' }))
    expect([error.code, error.message]).toEqual(['too_large', expect.stringMatching(/GET \/api\/v1\/ledger\/export/)])
  })

  it('keep the digest of what came in, so that it can be compared', async () => {
    const text = `\n${importedLine}\n`
    await runImport(text)
    const row = books.test.db.read.get<{ sha256: Uint8Array }>(sql`SELECT sha256 FROM import`)
    expect(Buffer.from(row?.sha256 ?? []).toString('hex')).toBe(createHash('sha256').update(text).digest('hex'))
  })
})
