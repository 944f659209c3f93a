import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, lastDayOf, monthsBetween } from '../../../shared/domain/dates'
import { AppError } from '../../../shared/errors'
import { listEntries } from './entries'
import { publicEntryId } from './entryId'
import { LedgerImporter } from './import/importer'
import { closePeriod } from './periodClose'
import { post } from './posting'
import { recount } from './recount'
import { register } from './register'
import { balanceSheet } from './reports/balanceSheet'
import { incomeStatement } from './reports/incomeStatement'
import { trialBalance } from './reports/trialBalance'
import { reverse } from './reversal'
import { openTestBooks, type TestBooks, testNow } from './testing'

/** Short dose here; a long one with LEDGER_MODEL_RUNS=100000. */
const runs = Number(process.env.LEDGER_MODEL_RUNS ?? 100)

const accounts = ['assets:bank', 'liabilities:payable', 'equity:owner', 'income:services', 'expenses:rent'] as const

interface ModelPosting {
  readonly account: string
  readonly currency: string
  readonly minor: number
}
interface ModelEntry {
  readonly id: number
  readonly on: string
  readonly postings: readonly ModelPosting[]
  readonly reversal: boolean
  reversed: boolean
}
interface Model {
  readonly entries: ModelEntry[]
  readonly sources: Set<string>
  closed: string
}

const day = fc.integer({ min: 0, max: 150 }).map((days) => addDays('2025-09-01', days))
const group = fc
  .tuple(
    fc.constantFrom('USD', 'EUR', 'JPY'),
    fc.array(fc.tuple(fc.constantFrom(...accounts), fc.integer({ min: -500, max: 500 })), { minLength: 1, maxLength: 3 }),
    fc.constantFrom(...accounts),
  )
  .map(([currency, lines, last]): ModelPosting[] => [
    ...lines.map(([account, minor]) => ({ account, currency, minor })),
    { account: last, currency, minor: -lines.reduce((sum, [, minor]) => sum + minor, 0) },
  ])
const postings = fc.array(group, { minLength: 1, maxLength: 2 }).map((groups) => groups.flat())
const newEntry = fc.record({ on: day, source: fc.integer({ min: 1, max: 12 }), postings })

type Command =
  | { readonly kind: 'post'; readonly entry: { on: string; source: number; postings: ModelPosting[] } }
  | {
      readonly kind: 'import'
      readonly entries: { on: string; source: number; postings: ModelPosting[] }[]
      readonly bad: boolean
    }
  | { readonly kind: 'reverse'; readonly pick: number; readonly on: string }
  | { readonly kind: 'close'; readonly through: string }
  | { readonly kind: 'restart' }

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 10, arbitrary: newEntry.map((entry) => ({ kind: 'post', entry }) as const) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.array(newEntry, { maxLength: 5 }), fc.boolean())
      .map(([entries, bad]) => ({ kind: 'import', entries, bad }) as const),
  },
  { weight: 4, arbitrary: fc.tuple(fc.nat(30), day).map(([pick, on]) => ({ kind: 'reverse', pick, on }) as const) },
  { weight: 1, arbitrary: day.map((through) => ({ kind: 'close', through }) as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' } as const) },
)

const questions = fc.record({
  asOf: day,
  from: day,
  days: fc.integer({ min: 0, max: 100 }),
  account: fc.constantFrom(...accounts),
  currency: fc.constantFrom(undefined, 'USD', 'JPY'),
  limit: fc.integer({ min: 1, max: 7 }),
})

/** @returns the code of the refusal, or undefined when it was done */
async function codeOf(run: () => unknown): Promise<string | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

const today = '2026-01-15'
const isZero = (lines: readonly ModelPosting[]) => lines.every(({ minor }) => minor === 0)

async function carryOut(books: TestBooks, model: Model, next: Command): Promise<void> {
  const { db } = books.test
  const { businessId } = books
  const keep = (id: number, on: string, kept: readonly ModelPosting[], reversal = false) =>
    model.entries.push({ id, on, postings: kept, reversal, reversed: false })
  switch (next.kind) {
    case 'post': {
      const { on, source, postings: lines } = next.entry
      const name = `payment ${source}`
      const known = model.sources.has(name)
      const expected = isZero(lines) ? 'invalid_input' : on <= model.closed ? 'period_closed' : known ? 'conflict' : undefined
      const amounts = lines.map(({ account, currency, minor }) => ({ account, amount: { currency, minor } }))
      const entry = {
        businessId,
        occurredOn: on,
        description: name,
        source: { kind: 'payment', id: name },
        postings: amounts,
      } as const
      expect(
        await codeOf(() => {
          keep(
            db.write((w) => post(w, { ...entry, now: testNow })),
            on,
            lines,
          )
        }),
      ).toBe(expected)
      if (expected === undefined) model.sources.add(name)
      return
    }
    case 'import': {
      const fresh: Command & { kind: 'import' } = { ...next, entries: [] }
      const met = new Set<string>()
      let refused = next.bad || next.entries.length === 0
      for (const entry of next.entries) {
        const name = `import ${entry.source}`
        if (model.sources.has(name) || met.has(name)) continue
        met.add(name)
        if (entry.on <= model.closed) refused = true
        fresh.entries.push(entry)
      }
      const text = next.entries
        .map(({ on, source, postings: lines }) =>
          JSON.stringify({ externalId: `${source}`, occurredOn: on, description: 'Import', postings: lines }),
        )
        .join('\n')
      const importer = new LedgerImporter({ database: db, budget: 0 })
      const chunks = (async function* () {
        yield Buffer.from(`${text}\n`)
        if (next.bad) yield Buffer.from('{}')
      })()
      const code = await codeOf(async () => {
        const counts = await importer.importStream({ businessId, chunks, now: testNow, onPublished() {} })
        expect(counts).toEqual({ imported: fresh.entries.length, skipped: next.entries.length - fresh.entries.length })
      })
      expect(code !== undefined).toBe(refused)
      await importer.stop()
      if (refused) return
      const ids = listEntries(db.read, { businessId, limit: 10_000 }).items
      for (const { on, source, postings: lines } of fresh.entries) {
        const found = ids.find((entry) => entry.source.kind === 'import' && entry.source.id === `${source}`)
        keep(Number(found?.id.slice(3)), on, lines)
        model.sources.add(`import ${source}`)
      }
      return
    }
    case 'reverse': {
      const target = model.entries[next.pick]
      const expected = !target
        ? 'not_found'
        : target.reversal || target.reversed || isZero(target.postings)
          ? 'conflict'
          : next.on <= model.closed
            ? 'period_closed'
            : undefined
      const entryId = target?.id ?? 1_000_000
      expect(
        await codeOf(() => {
          const id = db.write((w) => reverse(w, { entryId, occurredOn: next.on, reason: 'No', now: testNow }))
          const mirrored = target?.postings.map((posting) => ({ ...posting, minor: -posting.minor })) ?? []
          keep(id, next.on, mirrored, true)
        }),
      ).toBe(expected)
      if (expected === undefined && target) target.reversed = true
      return
    }
    case 'close': {
      const expected = next.through <= model.closed ? 'conflict' : next.through > today ? 'invalid_input' : undefined
      const { through } = next
      expect(await codeOf(() => db.write((w) => closePeriod(w, { businessId, through, now: testNow })))).toBe(expected)
      if (expected === undefined) model.closed = through
      return
    }
    case 'restart':
      books.test.reopen()
  }
}

type Sums = Record<string, number>

function sumOf(model: Model, from: string, to: string, key: (posting: ModelPosting) => string | null): Sums {
  const sums: Sums = {}
  for (const entry of model.entries) {
    if (entry.on < from || entry.on > to) continue
    for (const posting of entry.postings) {
      const name = key(posting)
      if (name !== null) sums[name] = (sums[name] ?? 0) + posting.minor
    }
  }
  return Object.fromEntries(Object.entries(sums).filter(([, minor]) => minor !== 0))
}

const byAccount = ({ account, currency }: ModelPosting) => `${account} ${currency}`
const isEarning = (account: string) => account.startsWith('income:') || account.startsWith('expenses:')

function asSums(rows: readonly { account: string; currency: string; minor: number }[]): Sums {
  return Object.fromEntries(rows.map((row) => [byAccount(row), row.minor]))
}

function ask(
  books: TestBooks,
  model: Model,
  { asOf, from, days, account, currency, limit }: typeof questions extends fc.Arbitrary<infer T> ? T : never,
): void {
  const r = books.test.db.read
  const { businessId } = books
  const unvalued = (first: string, last: string) =>
    model.entries.filter(
      (entry) => entry.on >= first && entry.on <= last && entry.postings.some((posting) => posting.currency !== 'USD'),
    ).length

  expect(recount(r, businessId)).toEqual([])
  const whole = trialBalance(r, businessId, null)
  expect(asSums(whole.rows)).toEqual(sumOf(model, '', '9999', byAccount))
  expect(whole.unvaluedEntries).toBe(unvalued('', '9999'))
  const dated = trialBalance(r, businessId, asOf)
  expect(asSums(dated.rows)).toEqual(sumOf(model, '', asOf, byAccount))
  expect(dated.unvaluedEntries).toBe(unvalued('', asOf))

  const sheet = balanceSheet(r, businessId, asOf)
  expect(asSums(sheet.rows)).toEqual(
    sumOf(model, '', asOf, (posting) =>
      isEarning(posting.account) ? `equity:earnings ${posting.currency}` : byAccount(posting),
    ),
  )
  for (const total of sheet.totals) expect(total.assets + total.liabilities + total.equity).toBe(0)

  const to = addDays(from, days)
  const income = incomeStatement(r, businessId, from, to)
  const months = monthsBetween(from, to)
  expect(income.months).toEqual(months)
  expect(income.unvaluedEntries).toBe(unvalued(from, to))
  const parts = months.map((month) =>
    sumOf(
      model,
      month === from.slice(0, 7) ? from : `${month}-01`,
      month === to.slice(0, 7) ? to : lastDayOf(month),
      (posting) => (isEarning(posting.account) ? byAccount(posting) : null),
    ),
  )
  const names = [...new Set(parts.flatMap((part) => Object.keys(part)))]
  expect(Object.fromEntries(income.rows.map((row) => [byAccount({ ...row, minor: 0 }), row.byMonth]))).toEqual(
    Object.fromEntries(names.map((name) => [name, parts.map((part) => part[name] ?? 0)])),
  )
  for (const row of income.rows) expect(row.minor).toBe(row.byMonth.reduce((sum, minor) => sum + minor, 0))
  const net = sumOf(model, from, to, (posting) => (isEarning(posting.account) ? posting.currency : null))
  expect(Object.fromEntries(income.net.filter((row) => row.minor !== 0).map((row) => [row.currency, row.minor]))).toEqual(net)

  const running: Sums = {}
  const rows = model.entries
    .toSorted((a, b) => (a.on === b.on ? a.id - b.id : a.on < b.on ? -1 : 1))
    .flatMap((entry) => entry.postings.map((posting) => ({ entry, posting })))
    .filter(({ posting }) => posting.account === account)
    .map(({ entry, posting }) => {
      running[posting.currency] = (running[posting.currency] ?? 0) + posting.minor
      const amount = { minor: posting.minor, currency: posting.currency }
      const balance = { minor: running[posting.currency], currency: posting.currency }
      return { entryId: publicEntryId(entry.id), occurredOn: entry.on, amount, balance }
    })
    .filter(({ occurredOn, amount }) => occurredOn >= from && occurredOn <= to && (!currency || amount.currency === currency))
    .reverse()
  const shown = allPages((cursor) => register(r, { businessId, account, currency, from, to, limit, cursor }))
  expect(shown.map(({ description: _, ...row }) => row)).toEqual(rows)

  const expected = model.entries
    .filter((entry) => entry.on >= from && entry.on <= to && entry.postings.some((posting) => posting.account === account))
    .toSorted((a, b) => (a.on === b.on ? b.id - a.id : a.on < b.on ? 1 : -1))
    .map((entry) => publicEntryId(entry.id))
  const listed = allPages((cursor) => listEntries(r, { businessId, account, from, to, limit, cursor }))
  expect(listed.map((entry) => entry.id)).toEqual(expected)
  expect(allPages((cursor) => listEntries(r, { businessId, limit, cursor }))).toHaveLength(model.entries.length)
}

function allPages<T>(read: (cursor: string | undefined) => { items: T[]; nextCursor: string | null }): T[] {
  const items: T[] = []
  let cursor: string | undefined
  for (;;) {
    const page = read(cursor)
    items.push(...page.items)
    if (page.nextCursor === null) return items
    cursor = page.nextCursor
  }
}

describe('the ledger', () => {
  it('L5: does and says the same as a model in memory, over posts, imports, reversals, closes and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { maxLength: 50 }),
        fc.array(questions, { minLength: 3, maxLength: 3 }),
        async (commands, asked) => {
          const books = openTestBooks()
          try {
            const model: Model = { entries: [], sources: new Set(), closed: '' }
            for (const next of commands) await carryOut(books, model, next)
            for (const question of asked) ask(books, model, question)
          } finally {
            books.cleanup()
          }
        },
      ),
      { numRuns: runs },
    )
  }, 600_000)
})
