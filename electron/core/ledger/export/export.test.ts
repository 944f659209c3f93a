import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromDecimalString } from '../../../../shared/domain/money'
import { ensureAccount } from '../chartOfAccounts'
import { post } from '../posting'
import { trialBalance } from '../reports/trialBalance'
import { openTestBooks, type TestBooks, testNow } from '../testing'
import { BeancountNames } from './beancount'
import { type ExportFormat, exportJournal } from './exportJournal'

let books: TestBooks
let dir: string

beforeEach(() => {
  books = openTestBooks()
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-export-'))
})
afterEach(() => {
  books.cleanup()
  rmSync(dir, { recursive: true, force: true })
})

function text(format: ExportFormat): string {
  return [...exportJournal(books.test.db.read, books.businessId, format).chunks].join('')
}

function tool(command: string, ...args: string[]): string | null {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Entries in four currencies of every exponent, in awkward accounts and words. */
function fillBooks(): void {
  const accounts = ['assets:Süd & Co.', "income:it's 50", 'expenses:a.b:c_d', 'assets:銀行']
  const descriptions = [
    'plain',
    '=1+1',
    'a; date:2020-01-01',
    '* (x) ! y',
    '"quoted", \\ back',
    '| payee',
    'ünïcödé',
    '2026/01/01 x',
    '@at',
    '; all',
  ]
  const [samples] = fc.sample(
    fc.array(
      fc.record({
        days: fc.integer({ min: 0, max: 400 }),
        currency: fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'),
        from: fc.nat(),
        to: fc.nat(),
        minor: fc.integer({ min: -10_000_000, max: 10_000_000 }).filter((minor) => minor !== 0),
        description: fc.nat(),
      }),
      { minLength: 300, maxLength: 300 },
    ),
    { numRuns: 1, seed: 7 },
  )
  books.test.db.write((w) => {
    for (const account of accounts) ensureAccount(w, books.businessId, account, testNow)
    for (const [index, sample] of (samples ?? []).entries()) {
      const { currency, minor } = sample
      const pick = (from: readonly string[], number: number) => from[number % from.length] ?? ''
      post(w, {
        businessId: books.businessId,
        occurredOn: new Date(Date.UTC(2025, 0, 1 + sample.days)).toISOString().slice(0, 10),
        description: pick(descriptions, sample.description),
        source: { kind: 'manual', id: `=${index}` },
        postings: [
          { account: pick(accounts, sample.to), amount: { minor, currency } },
          { account: pick(accounts, sample.from), amount: { minor: -minor, currency } },
        ],
        now: testNow,
      })
    }
  })
}

const ourBalances = () =>
  Object.fromEntries(
    trialBalance(books.test.db.read, books.businessId, null).rows.map((row) => [`${row.account} ${row.currency}`, row.minor]),
  )

function toBalances(lines: readonly (readonly [account: string, amount: string, currency: string])[]): Record<string, number> {
  return Object.fromEntries(
    lines
      .map(
        ([account, amount, currency]) =>
          [`${account} ${currency}`, fromDecimalString(amount, currency)?.minor ?? Number.NaN] as const,
      )
      .filter(([, minor]) => minor !== 0),
  )
}

describe('the journal for hledger', () => {
  it('is what hledger and ledger read, with the balances of our trial balance', () => {
    fillBooks()
    const file = join(dir, 'all.journal')
    writeFileSync(file, text('hledger'))
    const balances = tool('hledger', '-f', file, 'bal', '--flat', '--no-total', '--layout=bare', '-O', 'csv')
    if (balances === null) console.info('skipped: hledger is not installed here, so its balances were not compared')
    else {
      const rows = balances
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => row.slice(1, -1).split('","') as [string, string, string])
      expect(toBalances(rows.map(([account, currency, amount]) => [account, amount, currency] as const))).toEqual(ourBalances())
      expect(tool('hledger', '-f', file, 'check', 'ordereddates', 'accounts', 'commodities')).toBe('')
    }
    const flat = tool(
      'ledger',
      '-f',
      file,
      'bal',
      '--flat',
      '--no-total',
      '--balance-format',
      '%(join(strip(display_total)))|%(account)\\n',
    )
    if (flat === null) console.info('skipped: ledger is not installed here, so its balances were not compared')
    else {
      const rows = flat
        .trim()
        .split('\n')
        .flatMap((row) => {
          const [amounts = '', account = ''] = row.split('|')
          return amounts.split('\\n').map((one) => [account, ...one.trim().split(' ')] as unknown as [string, string, string])
        })
      expect(toBalances(rows)).toEqual(ourBalances())
    }
  })

  it('names accounts and commodities as they are, with every digit of the currency', () => {
    books.transfer({ minor: 5, on: '2026-01-02', description: 'Rent; January' })
    const id = books.transfer({ minor: 7, currency: 'JPY', on: '2026-01-01' })
    expect(text('hledger')).toBe(
      [
        'commodity JPY',
        'commodity USD',
        'account assets:bank',
        'account income:services',
        '',
        `2026-01-01 * (je_${id}) Entry 2`,
        '    assets:bank  7 JPY',
        '    income:services  -7 JPY',
        '',
        '2026-01-02 * (je_1) Rent, January',
        '    assets:bank  0.05 USD',
        '    income:services  -0.05 USD',
        '',
        '',
      ].join('\n'),
    )
  })
})

describe('the journal as CSV', () => {
  it('has a line per posting', () => {
    books.transfer({ description: 'He said "no", twice' })
    expect(text('csv')).toBe(
      'entry,date,description,source,source_id,line,account,currency,amount,base_currency,base_amount\r\n' +
        'je_1,2026-01-10,"He said ""no"", twice",manual,test_1,1,assets:bank,USD,100.00,USD,100.00\r\n' +
        'je_1,2026-01-10,"He said ""no"", twice",manual,test_1,2,income:services,USD,-100.00,USD,-100.00\r\n',
    )
    books.transfer({ currency: 'EUR', minor: 1 })
    expect(text('csv')).toContain('EUR,0.01,,\r\n')
  })

  it('holds no text that a spreadsheet runs', () => {
    books.transfer({ description: '=1+1' })
    expect(text('csv')).toContain(",'=1+1,")
  })
})

describe('the journal for beancount', () => {
  it('opens each account on the day it is first met, in names of beancount’s rules', () => {
    books.test.db.write((w) => ensureAccount(w, books.businessId, 'expenses:it:Süd & Co.', testNow))
    books.transfer({ on: '2026-01-02', to: 'expenses:it:Süd & Co.', description: 'A "b" \\ c' })
    books.transfer({ on: '2026-01-01', minor: 5, currency: 'KWD' })
    expect(text('beancount')).toBe(
      [
        'option "operating_currency" "USD"',
        '',
        '2026-01-01 open Assets:Bank',
        '2026-01-01 open Income:Services',
        '2026-01-01 * "Entry 2"',
        '  entry: "je_2"',
        '  Assets:Bank  0.005 KWD',
        '  Income:Services  -0.005 KWD',
        '',
        '2026-01-02 open Expenses:It:Süd-Co',
        '2026-01-02 * "A \\"b\\" \\\\ c"',
        '  entry: "je_1"',
        '  Expenses:It:Süd-Co  100.00 USD',
        '  Income:Services  -100.00 USD',
        '',
        '',
      ].join('\n'),
    )
  })

  it('keeps accounts apart whose names would become the same', () => {
    const names = new BeancountNames()
    const given = ['assets:a b', 'assets:a-b', 'assets:A_b', 'assets:a b', 'assets:A-b-2']
    expect(given.map((account) => names.of(account))).toEqual([
      { name: 'Assets:A-b', isNew: true },
      { name: 'Assets:A-b-2', isNew: true },
      { name: 'Assets:A-b-3', isNew: true },
      { name: 'Assets:A-b', isNew: false },
      { name: 'Assets:A-b-2-2', isNew: true },
    ])
  })

  it('holds the same balances', () => {
    fillBooks()
    const sums = new Map<string, bigint>()
    for (const [, account, whole, fraction, currency] of text('beancount').matchAll(
      /^ {2}(\S+) {2}(-?\d+)\.?(\d*) ([A-Z]{3})$/gm,
    )) {
      const key = `${account} ${currency}`
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(`${whole}${fraction}`))
    }
    const values = [...sums.values()].filter((sum) => sum !== 0n).map(Number)
    expect(values.sort((a, b) => a - b)).toEqual(Object.values(ourBalances()).sort((a, b) => a - b))
  })
})

describe('every export', () => {
  it('is read page by page, and leaves out what is posted after it began', () => {
    for (let day = 1; day <= 28; day++) {
      for (let count = 0; count < 8; count++) books.transfer({ on: `2026-01-${String(day).padStart(2, '0')}`, minor: 1 })
    }
    const { chunks, fileName, mediaType } = exportJournal(books.test.db.read, books.businessId, 'csv')
    expect([fileName, mediaType]).toEqual(['journal.csv', 'text/csv'])
    const parts: string[] = []
    for (const chunk of chunks) {
      parts.push(chunk)
      if (parts.length > 20) break
      books.transfer({ on: '2026-01-31', description: 'Late' })
    }
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.join('').split('\r\n')).toHaveLength(1 + 224 * 2 + 2 + 1)
    expect(parts.join('').match(/Late/g)).toHaveLength(2)
  })
})
