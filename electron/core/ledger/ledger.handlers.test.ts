import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import { sql } from '../db'
import type { AuditDetail, CommandContext } from '../dispatch/handler'
import { LedgerImporter } from './import/importer'
import { ledgerHandlers, post, reverse } from './index'
import { openTestBooks, type TestBooks, testNow } from './testing'

let books: TestBooks
let importer: LedgerImporter
let handlers: ReturnType<typeof ledgerHandlers>
let noted: Record<string, AuditDetail>

beforeEach(() => {
  books = openTestBooks()
  importer = new LedgerImporter({ database: books.test.db })
  handlers = ledgerHandlers({ importer, explain: { invoice: (_r, id) => [`The invoice ${id} is INV-0001.`] } })
  noted = {}
})
afterEach(async () => {
  await importer.stop()
  books.cleanup()
})

const actor = { name: 'owner', scopes: new Set<never>() } as const
const query = () => ({ actor, door: 'api', now: testNow, db: books.test.db.read }) as const
const recorder = {
  note: (details: Record<string, AuditDetail>) => void Object.assign(noted, details),
  changed: () => undefined,
}
const usd = (minor: number) => ({ minor, currency: 'USD' })
const move = (minor: number, to = 'expenses:rent', from = 'assets:bank') => [
  { account: to, amount: usd(minor) },
  { account: from, amount: usd(-minor) },
]

/** Runs a command as dispatch does: one transaction, and an audit row with what was noted. */
function command<I, O>(handler: object, input: I): O {
  if (!('run' in handler)) throw new Error('No command')
  const { run } = handler as { readonly run: (context: CommandContext, input: I) => O }
  return books.test.db.write((w) => {
    const output = run({ actor, door: 'api', now: testNow, db: w, ...recorder }, input)
    const { businessId } = books
    const row = {
      at: testNow,
      actor: 'owner',
      door: 'api',
      procedure: 'ledger.test',
      businessId,
      outcome: 'done',
      details: noted,
    }
    appendAudit(w, row)
    return output
  })
}

function postInput(postings = move(10_000), businessId = books.businessId) {
  return { businessId, requestId: 'one', occurredOn: '2026-01-10', description: 'Rent', postings }
}

const postIt = (postings = move(10_000)): { entryId: string } => command(handlers['ledger.post'], postInput(postings))
const reverseIt = (entryId: string): { entryId: string } =>
  command(handlers['ledger.reverse'], { entryId, occurredOn: '2026-01-20', reason: 'Wrong month' })
const closeIt = (through: string) => command(handlers['ledger.closePeriod'], { businessId: books.businessId, through })

function invoiceEntry(): string {
  const entryId = books.test.db.write((w) =>
    post(w, {
      businessId: books.businessId,
      occurredOn: '2026-01-10',
      description: 'Invoice INV-0001',
      source: { kind: 'invoice', id: 'inv_1' },
      postings: [
        { account: 'assets:receivable', amount: { minor: 10_000, currency: 'EUR' } },
        { account: 'income:services', amount: { minor: -10_000, currency: 'EUR' } },
      ],
      providerOn: '2025-12-30',
      now: testNow,
    }),
  )
  return `je_${entryId}`
}

async function codeOf(run: () => unknown): Promise<string> {
  return (await refusal(run)).code
}

async function refusal(run: () => unknown): Promise<AppError> {
  try {
    await run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused')
}

describe('accounts', () => {
  it('are listed by name, page by page', async () => {
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await handlers['ledger.accounts'](query(), { businessId: books.businessId, cursor, limit: 10 })
      names.push(...page.items.map((account) => account.account))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(names).toEqual(names.toSorted())
    expect(names).toContain('liabilities:sales-tax')
    expect((await handlers['ledger.accounts'](query(), { businessId: books.businessId })).items).toHaveLength(names.length)
  })

  it('are added under the root that is their type, once', async () => {
    const create = (account: string, type: string) =>
      command(handlers['ledger.createAccount'], { businessId: books.businessId, account, type })
    expect(create('assets:savings', 'assets')).toEqual({ account: 'assets:savings', type: 'assets', createdAt: testNow })
    expect(await codeOf(() => create('assets:savings', 'assets'))).toBe('conflict')
    expect(await codeOf(() => create('assets:gold', 'income'))).toBe('invalid_input')
    expect(postIt(move(5, 'assets:savings')).entryId).toBe('je_1')
  })
})

describe('posting and reversing by hand', () => {
  it('keeps the entry under an id that leads back to it', async () => {
    const { entryId } = postIt()
    expect(noted).toMatchObject({ businessId: books.businessId, entryId })
    const { items } = await handlers['ledger.entries'](query(), { businessId: books.businessId })
    expect(items[0]).toMatchObject({ id: entryId, source: { kind: 'manual' }, description: 'Rent' })
  })

  it('describes itself before it is done', () => {
    const r = books.test.db.read
    expect(handlers['ledger.post'].facts?.(r, postInput(), actor)).toEqual({
      businessId: books.businessId,
      what: 'Post a journal entry of 2 lines on 2026-01-10',
      amount: usd(10_000),
      payee: null,
      before: {},
      after: { 'expenses:rent': 'USD 100.00', 'assets:bank': 'USD -100.00' },
      undo: 'by_reversal',
    })
    const { entryId } = postIt()
    expect(handlers['ledger.reverse'].facts?.(r, { entryId, occurredOn: '2026-01-20', reason: 'Wrong' }, actor)).toMatchObject({
      businessId: books.businessId,
      what: `Reverse ${entryId} of 2026-01-10 on 2026-01-20`,
      amount: usd(10_000),
      after: { 'expenses:rent': 'USD -100.00', 'assets:bank': 'USD 100.00' },
      undo: 'no',
    })
    const close = { businessId: books.businessId, through: '2025-12-31' }
    expect(handlers['ledger.closePeriod'].facts?.(r, close, actor)).toMatchObject({ amount: null, before: {}, undo: 'no' })
    closeIt('2025-11-30')
    expect(handlers['ledger.closePeriod'].facts?.(r, close, actor)).toMatchObject({
      before: { closedThrough: '2025-11-30' },
      after: { closedThrough: '2025-12-31' },
    })
  })

  it('refuses to describe what cannot be done', async () => {
    const facts = (input: ReturnType<typeof postInput>) =>
      codeOf(() => handlers['ledger.post'].facts?.(books.test.db.read, input, actor))
    const most = Number.MAX_SAFE_INTEGER
    expect(await facts(postInput(move(1), 'biz_none'))).toBe('not_found')
    expect(await facts(postInput(move(1).slice(1)))).toBe('invalid_input')
    expect(await facts(postInput(move(1, 'assets:none')))).toBe('not_found')
    expect(await facts(postInput([...move(most), ...move(most)]))).toBe('invalid_input')
    const reversing = { entryId: 'x', occurredOn: '2026-01-20', reason: 'x' }
    expect(await codeOf(() => handlers['ledger.reverse'].facts?.(books.test.db.read, reversing, actor))).toBe('not_found')
  })

  it('L4: reverses once, and only what no document stands behind', async () => {
    const { entryId } = postIt()
    const reversal = reverseIt(entryId)
    expect(noted).toMatchObject({ businessId: books.businessId, entryId: reversal.entryId, reverses: entryId })
    expect(await codeOf(() => reverseIt(entryId))).toBe('conflict')
    expect(await codeOf(() => reverseIt(reversal.entryId))).toBe('conflict')
    const error = await refusal(() => reverseIt(invoiceEntry()))
    expect([error.code, error.message]).toEqual(['conflict', expect.stringMatching(/belongs to the invoice inv_1/)])
    for (const unknown of ['je_999', 'je_0', 'je_01', 'inv_1', 'je_99999999999999999999']) {
      expect(await codeOf(() => reverseIt(unknown))).toBe('not_found')
    }
  })

  it('closes a period', async () => {
    expect(closeIt('2026-01-10')).toEqual({ through: '2026-01-10' })
    expect(await codeOf(() => postIt())).toBe('period_closed')
  })
})

describe('reports', () => {
  it('answer in the shape of the contract', async () => {
    postIt()
    invoiceEntry()
    const { businessId } = books
    const trial = await handlers['ledger.trialBalance'](query(), { businessId })
    expect(contract['ledger.trialBalance'].output.parse(trial)).toEqual({
      rows: [
        { account: 'assets:bank', currency: 'USD', minor: -10_000 },
        { account: 'assets:receivable', currency: 'EUR', minor: 10_000 },
        { account: 'income:services', currency: 'EUR', minor: -10_000 },
        { account: 'expenses:rent', currency: 'USD', minor: 10_000 },
      ],
      unvaluedEntries: 1,
    })
    expect((await handlers['ledger.trialBalance'](query(), { businessId, asOf: '2026-01-09' })).rows).toEqual([])
    const income = await handlers['ledger.incomeStatement'](query(), { businessId, from: '2025-12-15', to: '2026-01-31' })
    expect(contract['ledger.incomeStatement'].output.parse(income)).toEqual({
      months: ['2025-12', '2026-01'],
      rows: [
        { account: 'income:services', currency: 'EUR', minor: -10_000, byMonth: [0, -10_000] },
        { account: 'expenses:rent', currency: 'USD', minor: 10_000, byMonth: [0, 10_000] },
      ],
      net: [
        { currency: 'EUR', minor: -10_000 },
        { currency: 'USD', minor: 10_000 },
      ],
      unvaluedEntries: 1,
    })
    const sheet = await handlers['ledger.balanceSheet'](query(), { businessId, asOf: '2026-01-31' })
    expect(contract['ledger.balanceSheet'].output.parse(sheet)).toEqual({
      rows: [
        { account: 'assets:bank', type: 'assets', currency: 'USD', minor: -10_000 },
        { account: 'assets:receivable', type: 'assets', currency: 'EUR', minor: 10_000 },
        { account: 'equity:earnings', type: 'equity', currency: 'EUR', minor: -10_000 },
        { account: 'equity:earnings', type: 'equity', currency: 'USD', minor: 10_000 },
      ],
      totals: [
        { currency: 'EUR', assets: 10_000, liabilities: 0, equity: -10_000 },
        { currency: 'USD', assets: -10_000, liabilities: 0, equity: 10_000 },
      ],
      unvaluedEntries: 1,
    })
    const rows = await handlers['ledger.register'](query(), { businessId, account: 'assets:bank' })
    expect(contract['ledger.register'].output.parse(rows).items).toMatchObject([{ amount: usd(-10_000), balance: usd(-10_000) }])
  })

  it('find the one entry of a source, within the other filters', async () => {
    const entryId = invoiceEntry()
    postIt()
    const { businessId } = books
    const source = { kind: 'invoice', id: 'inv_1' } as const
    const found = async (more: object = {}) => {
      const page = await handlers['ledger.entries'](query(), { businessId, source, ...more })
      return [page.items.map(({ id }) => id), page.nextCursor]
    }
    expect(await found()).toEqual([[entryId], null])
    expect(await found({ account: 'assets:receivable', from: '2026-01-10', to: '2026-01-10', limit: 1 })).toEqual([
      [entryId],
      null,
    ])
    const others = [
      { source: { ...source, id: 'inv_2' } },
      { source: { ...source, kind: 'payment' } },
      { businessId: books.otherId },
      { account: 'assets:bank' },
      { from: '2026-01-11' },
      { to: '2026-01-09' },
    ]
    for (const other of others) expect(await found(other)).toEqual([[], null])
    expect(await codeOf(() => found({ account: 'assets:none' }))).toBe('not_found')
  })

  it('tell with the accounts through which day the books are closed', async () => {
    const closedThrough = async (businessId = books.businessId) => {
      const page = await handlers['ledger.accounts'](query(), { businessId, limit: 1 })
      return contract['ledger.accounts'].output.parse(page).closedThrough
    }
    expect(await closedThrough()).toBeNull()
    closeIt('2026-01-05')
    closeIt('2026-01-09')
    expect(await closedThrough()).toBe('2026-01-09')
    expect(await closedThrough(books.otherId)).toBeNull()
  })

  it('refuse a period that is none, and lists that are not theirs', async () => {
    const { businessId } = books
    const income = (from: string, to: string) =>
      codeOf(() => handlers['ledger.incomeStatement'](query(), { businessId, from, to }))
    expect(await income('2026-02-01', '2026-01-31')).toBe('invalid_input')
    expect(await income('1900-01-01', '2100-01-01')).toBe('invalid_input')
    const wrong = { businessId, cursor: 'abc', limit: 5 }
    const bank = { account: 'assets:bank' }
    expect(await codeOf(() => handlers['ledger.entries'](query(), wrong))).toBe('invalid_input')
    expect(await codeOf(() => handlers['ledger.register'](query(), { ...wrong, ...bank }))).toBe('invalid_input')
    expect(await codeOf(() => handlers['ledger.accounts'](query(), wrong))).toBe('invalid_input')
    const none = { businessId, account: 'assets:none' }
    expect(await codeOf(() => handlers['ledger.register'](query(), none))).toBe('not_found')
    expect(await codeOf(() => handlers['ledger.entries'](query(), none))).toBe('not_found')
    expect(await codeOf(() => handlers['ledger.trialBalance'](query(), { businessId: 'biz_none' }))).toBe('not_found')
  })
})

describe('explaining', () => {
  const explain = async (entryId: string) =>
    contract['ledger.explain'].output.parse(await handlers['ledger.explain'](query(), { entryId }))

  it('tells what was posted by hand, by whom, and what became of it', async () => {
    const { entryId } = postIt()
    const reversal = reverseIt(entryId)
    const told = await explain(entryId)
    expect(told.sentences).toEqual([
      `${entryId} was posted by hand for 2026-01-10.`,
      'It debits expenses:rent with USD 100.00, credits assets:bank with USD 100.00.',
      `It was reversed by ${reversal.entryId}.`,
    ])
    expect(told.audit.map((row) => row.actor)).toEqual(['owner', 'owner'])
    expect((await explain(reversal.entryId)).sentences.slice(0, 2)).toEqual([
      `${reversal.entryId} of 2026-01-20 takes back ${entryId} line by line.`,
      `${entryId} was posted by hand for 2026-01-10.`,
    ])
  })

  it('lets the domain of the source tell its part, with dates and rates', async () => {
    const { sentences, source } = await explain(invoiceEntry())
    expect(source).toEqual({ kind: 'invoice', id: 'inv_1' })
    expect(sentences).toEqual([
      'je_1 was posted for 2026-01-10 because of the invoice inv_1.',
      'The invoice inv_1 is INV-0001.',
      'It debits assets:receivable with EUR 100.00, credits income:services with EUR 100.00.',
      'No exchange rate for EUR was stored for that day, so it has no base value.',
      'The provider dates it 2025-12-30; the books were closed then, so it stands on the first open day.',
    ])
    books.test.db.write((w) =>
      w.run(sql`INSERT INTO rate VALUES (${books.businessId}, 'EUR', 'USD', '2026-01-01', '1.1', 0, 'owner')`),
    )
    books.transfer({ currency: 'EUR' })
    expect((await explain('je_2')).sentences).toContain('EUR is valued at 1.1 USD, the rate stored for that day.')
  })

  it('names the import that an entry came with', async () => {
    const postings = move(0).map(({ account, amount }) => ({ account, ...amount }))
    const line = JSON.stringify({ externalId: 'x1', occurredOn: '2026-01-10', description: 'd', postings })
    const chunks = (async function* () {
      yield Buffer.from(line)
    })()
    await importer.importStream({ businessId: books.businessId, chunks, now: testNow, onPublished() {} })
    expect((await explain('je_1')).sentences).toEqual([
      'je_1 of 2026-01-10 is called x1 where it came from.',
      'It came with import imp_1 (entries imported: 1).',
      'It moves nothing.',
    ])
  })

  it('keeps long entries short', async () => {
    const { entryId } = postIt(Array.from({ length: 20 }, () => move(1)).flat())
    expect((await explain(entryId)).sentences[1]).toMatch(/, and has 28 more lines\.$/)
  })

  it('shows no audit rows of another business, and no entry that is not there', async () => {
    const entryId = `je_${books.transfer({ businessId: books.otherId })}`
    noted = { entryId }
    command({ run: () => undefined }, {})
    expect((await explain(entryId)).audit).toEqual([])
    for (const unknown of ['je_999', 'inv_1']) expect(await codeOf(() => explain(unknown))).toBe('not_found')
  })

  it('tells of a reversal that a domain posted', async () => {
    const entryId = Number(invoiceEntry().slice(3))
    books.test.db.write((w) => reverse(w, { entryId, occurredOn: '2026-01-12', reason: 'Void', now: testNow }))
    expect((await explain('je_2')).sentences.slice(0, 3)).toEqual([
      'je_2 of 2026-01-12 takes back je_1 line by line.',
      'je_1 was posted for 2026-01-10 because of the invoice inv_1.',
      'The invoice inv_1 is INV-0001.',
    ])
  })
})
