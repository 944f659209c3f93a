import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TaskContext } from '../dispatch/handler'
import type { FileDialogs } from '../ports/fileDialogs'
import { LedgerImporter, ledgerFileHandlers } from './index'
import { trialBalance } from './reports/trialBalance'
import { openTestBooks, type TestBooks, testNow } from './testing'

let books: TestBooks
let importer: LedgerImporter
let saved: { name: string; text: string } | null
let progress: { lines: number; bytes: number; totalBytes: number }[]
let settled: unknown[]

beforeEach(() => {
  books = openTestBooks()
  importer = new LedgerImporter({ database: books.test.db })
  saved = null
  progress = []
  settled = []
})
afterEach(async () => {
  await importer.stop()
  books.cleanup()
})

const line = JSON.stringify({
  externalId: 'x1',
  occurredOn: '2026-01-10',
  description: 'Rent',
  postings: [
    { account: 'expenses:rent', minor: 5, currency: 'USD' },
    { account: 'assets:bank', minor: -5, currency: 'USD' },
  ],
})

/** The far side of the screen: a person who chooses this file, or none. */
function handlersFor(text: string | null) {
  const dialogs: FileDialogs = {
    openForReading: async () => {
      if (text === null) return null
      const bytes = Buffer.from(text)
      const chunks = (async function* () {
        yield bytes
      })()
      return { name: 'journal.ndjson', totalBytes: bytes.length, chunks }
    },
    save: async (name, chunks) => {
      if (text === null) return false
      const parts: string[] = []
      for await (const chunk of chunks) parts.push(chunk.toString())
      saved = { name, text: parts.join('') }
      return true
    },
    chooseFolder: async () => null,
  }
  return ledgerFileHandlers({
    importer,
    dialogs: () => dialogs,
    onProgress: (businessId, at) => {
      expect(businessId).toBe(books.businessId)
      progress.push(at)
    },
  })
}

function run<I, O>(handler: object, input: I): Promise<O> {
  if (!('task' in handler)) throw new Error('No task')
  const { task } = handler as { readonly task: (context: TaskContext, input: I) => Promise<O> }
  return task(
    {
      actor: { name: 'owner', scopes: new Set<never>() },
      door: 'window',
      now: testNow,
      database: books.test.db,
      signal: new AbortController().signal,
      body: null,
      settle: (_w, output) => void settled.push(output),
      note: () => undefined,
      changed: () => undefined,
      spendPermit: () => undefined,
    },
    input,
  )
}

describe('files that the owner chooses', () => {
  it('are imported, with progress', async () => {
    const counts = await run(handlersFor(line)['ledger.importFile'], { businessId: books.businessId })
    expect(counts).toEqual({ imported: 1, skipped: 0 })
    expect(settled).toEqual([counts])
    expect(progress).toEqual([{ lines: 1, bytes: line.length, totalBytes: line.length }])
    expect(trialBalance(books.test.db.read, books.businessId, null).rows).toHaveLength(2)
  })

  it('may be none', async () => {
    expect(await run(handlersFor(null)['ledger.importFile'], { businessId: books.businessId })).toBeNull()
    expect(await run(handlersFor(null)['ledger.saveExport'], { businessId: books.businessId, format: 'csv' })).toEqual({
      saved: false,
    })
    expect(settled).toEqual([])
  })

  it('take the journal', async () => {
    books.transfer({ description: 'Rent' })
    const input = { businessId: books.businessId, format: 'hledger' }
    expect(await run(handlersFor('')['ledger.saveExport'], input)).toEqual({ saved: true })
    expect(saved?.name).toBe('journal.journal')
    expect(saved?.text).toContain('Rent')
  })

  it('are left alone when no import runs', async () => {
    expect(await run(handlersFor(null)['ledger.cancelImport'], { businessId: books.businessId })).toEqual({ cancelled: false })
  })
})
