import { afterEach, beforeEach, expect } from 'vitest'
import { AppError } from '../../../../shared/errors'
import { sql } from '../../db'
import { findAccount } from '../accounts.repository'
import { trialBalance } from '../reports/trialBalance'
import { openTestBooks, type TestBooks, testNow } from '../testing'
import { type ImportRecord, type ImportRequest, LedgerImporter } from './importer'

/** The books, the importer and what was published, new for each test once `openBedForEachTest` is called. */
export let books: TestBooks
export let importer: LedgerImporter
export let published: ImportRecord[]

/** Every entry in a slice of its own: the worst case for what others see in between. */
export function newImporter(): LedgerImporter {
  let clock = 0
  return new LedgerImporter({ database: books.test.db, elapsed: () => ++clock, budget: 0 })
}

/** Opens new books before each test of the calling file and closes them after it. */
export function openBedForEachTest(): void {
  beforeEach(() => {
    published = []
    books = openTestBooks()
    importer = newImporter()
  })
  afterEach(async () => {
    await importer.stop()
    books.cleanup()
  })
}

/** Goes on with another importer on the same books, as the app does after a restart. */
export function replaceImporter(next: LedgerImporter = newImporter()): LedgerImporter {
  importer = next
  return next
}

export function line(number: number, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    externalId: `x${number}`,
    occurredOn: '2026-01-10',
    description: `Entry ${number}`,
    postings: [
      { account: 'assets:bank', minor: 100 * number, currency: 'USD' },
      { account: 'income:services', minor: -100 * number, currency: 'USD' },
    ],
    ...more,
  })
}

export const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index))

export async function* streamOf(...parts: (string | (() => void | Promise<void>))[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (typeof part === 'string') yield Buffer.from(part)
    else await part()
  }
}

export function run(chunks: AsyncIterable<Uint8Array>, more: Partial<ImportRequest> = {}) {
  const onPublished: ImportRequest['onPublished'] = (_, record) => void published.push(record)
  return importer.importStream({ businessId: books.businessId, chunks, now: testNow, onPublished, ...more })
}

export async function refusal(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused')
}

export const count = (table: 'journal_entry' | 'posting' | 'balance' | 'turnover' | 'entry_day' | 'account_total') =>
  books.test.db.read.get<{ n: number }>({ text: `SELECT count(*) AS n FROM ${table}`, values: [] })?.n
export const balances = () => trialBalance(books.test.db.read, books.businessId, null).rows
export const statuses = () =>
  books.test.db.read.all<{ status: string; tidied: number }>(sql`SELECT status, tidied FROM import ORDER BY id`)

export async function expectNothingLeft(): Promise<void> {
  expect(balances()).toEqual([])
  await importer.sweep()
  for (const table of ['journal_entry', 'posting', 'balance', 'turnover', 'entry_day', 'account_total'] as const) {
    expect([table, count(table)]).toEqual([table, 0])
  }
  expect(findAccount(books.test.db.read, 1, 'income:new')).toBeUndefined()
  expect(statuses().every((row) => row.tidied === 1)).toBe(true)
}
