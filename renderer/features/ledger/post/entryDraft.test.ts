import { describe, expect, it } from 'vitest'
import {
  balanceOut,
  balancesOf,
  checkEntry,
  copyOf,
  type EntryDraft,
  type EntryLine,
  emptyLine,
  filled,
  newEntry,
} from './entryDraft'

const known = new Set(['assets:bank', 'expenses:rent', 'expenses:travel', 'assets:cash'])

function line(account: string, debit: number | null, credit: number | null, currency = 'USD'): EntryLine {
  return { ...emptyLine(currency), account, debit, credit }
}

function draft(...lines: EntryLine[]): EntryDraft {
  return { occurredOn: '2026-11-21', description: ' Rent ', lines }
}

function reasonOf(entry: EntryDraft, accounts: ReadonlySet<string> | null = known): string | null {
  const check = checkEntry(entry, accounts)
  return check.ok ? null : check.reason
}

describe('an entry is ready', () => {
  it('when every currency balances: debits positive, credits negative, blank lines left out', () => {
    const check = checkEntry(
      draft(line('expenses:rent', 145_000, null), line(' assets:bank ', null, 145_000), emptyLine('USD')),
      known,
    )
    expect(check).toEqual({
      ok: true,
      input: {
        occurredOn: '2026-11-21',
        description: 'Rent',
        postings: [
          { account: 'expenses:rent', amount: { minor: 145_000, currency: 'USD' } },
          { account: 'assets:bank', amount: { minor: -145_000, currency: 'USD' } },
        ],
      },
    })
  })

  it('with several currencies, each by itself', () => {
    const lines = [
      line('assets:bank', 100, null),
      line('assets:cash', null, 100),
      line('assets:bank', null, 90, 'EUR'),
      line('assets:cash', 90, null, 'EUR'),
    ]
    expect(reasonOf(draft(...lines))).toBeNull()
    expect(reasonOf(draft(...lines.slice(0, 3)))).toMatch(/€0\.90/)
  })
})

describe('an entry that is not ready says why', () => {
  const rent = line('expenses:rent', 145_000, null)
  const bank = line('assets:bank', null, 145_000)
  it.each([
    ['a date', { ...draft(rent, bank), occurredOn: null }, /date/],
    ['a description', { ...draft(rent, bank), description: ' ' }, /for/],
    ['a second line', draft(rent), /two lines/],
    ['an account', draft(rent, { ...bank, account: '' }), /account/],
    ['an account under a root', draft(rent, { ...bank, account: 'bank' }), /assets/],
    ['an account that exists', draft(rent, { ...bank, account: 'assets:gold' }), /assets:gold/],
    ['an amount', draft(rent, { ...bank, credit: null }), /debit or a credit/],
    ['an amount above zero', draft(rent, { ...bank, credit: -145_000 }), /above zero/],
    ['more credits', draft(rent, { ...bank, credit: 144_000 }), /Debits are \$10\.00 more/],
    ['more debits', draft({ ...rent, debit: 144_000 }, bank), /Credits are \$10\.00 more/],
  ] as const)('%s', (_, entry, reason) => {
    expect(reasonOf(entry)).toMatch(reason)
  })

  it('at the field that is wrong', () => {
    const check = checkEntry(draft(rent, { ...bank, account: 'assets:gold' }), known)
    expect(check.ok ? [] : Object.keys(check.problems)).toEqual([`${bank.key}.account`])
  })

  it('for a day in a closed period', () => {
    const entry = draft(rent, bank)
    const check = (closedThrough: string) => checkEntry(entry, known, closedThrough)
    expect(check('2026-11-20').ok).toBe(true)
    expect(check('2026-11-21')).toMatchObject({ ok: false, reason: expect.stringMatching(/closed through Nov 21, 2026/) })
  })

  it('does not claim that an account is missing before the chart is known', () => {
    expect(reasonOf(draft(rent, { ...bank, account: 'assets:gold' }), null)).toBeNull()
  })
})

describe('what is missing is put on a line', () => {
  const rent = line('expenses:rent', 145_000, null)

  it('on the line that has an account but no amount, before an empty one', () => {
    const empty = emptyLine('USD')
    const bank = line('assets:bank', null, null)
    expect(balanceOut([rent, empty, bank], 'USD')).toEqual([rent, empty, { ...bank, credit: 145_000 }])
  })

  it('on a new line where all have amounts', () => {
    const lines = balanceOut([rent, line('assets:bank', null, 100_000)], 'USD')
    expect(lines.at(-1)).toMatchObject({ account: '', debit: null, credit: 45_000, currency: 'USD' })
    expect(balancesOf(lines)).toEqual([{ currency: 'USD', debit: 145_000, credit: 145_000, difference: 0 }])
  })

  it('nowhere when the currency balances', () => {
    const lines = [rent, line('assets:bank', null, 145_000)]
    expect(balanceOut(lines, 'USD')).toBe(lines)
  })

  it('on a line whose account was just chosen, never over an amount that was typed', () => {
    const bank = line('assets:bank', null, null)
    expect(filled([rent, bank], bank)).toEqual({ ...bank, credit: 145_000 })
    const typed = line('assets:bank', null, 5)
    expect(filled([rent, typed], typed)).toBe(typed)
  })
})

it('a copy has the lines of the original on a new day', () => {
  const entry = {
    id: 'je_1',
    businessId: 'biz_1',
    occurredOn: '2026-01-31',
    description: 'Rent',
    source: { kind: 'manual' as const, id: 'je_1' },
    postings: [
      { account: 'expenses:rent', amount: { minor: 145_000, currency: 'USD' }, base: null },
      { account: 'assets:bank', amount: { minor: -145_000, currency: 'USD' }, base: null },
    ],
    reverses: null,
    reversedBy: null,
    providerOn: null,
    postedAt: 0,
  }
  const check = checkEntry(copyOf(entry, '2026-02-28'), known)
  expect(check.ok && check.input).toEqual({
    occurredOn: '2026-02-28',
    description: 'Rent',
    postings: entry.postings.map(({ account, amount }) => ({ account, amount })),
  })
})

it('a new entry begins with two blank lines in the currency of the business', () => {
  const { lines } = newEntry('2026-11-21', 'CHF')
  expect(lines).toHaveLength(2)
  expect(new Set(lines.map(({ key }) => key)).size).toBe(2)
  expect(lines.every(({ currency }) => currency === 'CHF')).toBe(true)
})
