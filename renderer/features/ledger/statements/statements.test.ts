import { describe, expect, it } from 'vitest'
import { incomeLines, sheetLines, trialLines } from './statementCsv'
import { earningsParts, mostMonthColumns, sheetGroups, statementView, trialGroups } from './statements'

const trial = {
  rows: [
    { account: 'assets:bank', currency: 'EUR', minor: 5000 },
    { account: 'assets:bank', currency: 'USD', minor: 12_000 },
    { account: 'liabilities:sales-tax', currency: 'USD', minor: -2000 },
    { account: 'income:services', currency: 'USD', minor: -13_000 },
    { account: 'income:services', currency: 'EUR', minor: -5000 },
    { account: 'expenses:rent', currency: 'USD', minor: 3000 },
  ],
  unvaluedEntries: 0,
}

describe('trial balance', () => {
  it('L4: closes each currency by itself, the own one first', () => {
    const groups = trialGroups(trial, 'USD')
    expect(groups.map((group) => [group.currency, group.debit, group.credit])).toEqual([
      ['USD', 15_000, 15_000],
      ['EUR', 5000, 5000],
    ])
    expect(groups[0]?.rows.find((row) => row.account === 'liabilities:sales-tax')).toEqual({
      account: 'liabilities:sales-tax',
      debit: null,
      credit: 2000,
    })
  })

  it('is written with plain decimals and the sums of each currency', () => {
    const lines = trialLines(trialGroups(trial, 'USD'))
    expect(lines[0]).toEqual(['Account', 'Currency', 'Debit', 'Credit'])
    expect(lines).toContainEqual(['income:services', 'USD', '', '130.00'])
    expect(lines).toContainEqual(['Total', 'EUR', '50.00', '50.00'])
  })
})

describe('income statement', () => {
  const statement = {
    months: ['2026-10', '2026-11'],
    rows: [
      { account: 'income:services', currency: 'USD', minor: -13_000, byMonth: [-5000, -8000] },
      { account: 'expenses:rent', currency: 'USD', minor: 3000, byMonth: [3000, 0] },
      { account: 'expenses:rent', currency: 'JPY', minor: 900, byMonth: [0, 900] },
    ],
    net: [],
    unvaluedEntries: 0,
  }
  const period = { from: '2026-10-15', to: '2026-11-30' }

  it('shows income and expenses above zero, and what is left', () => {
    const view = statementView(statement, period, 'USD')
    const [dollars, yen] = view.groups
    expect(dollars?.sections.map((section) => [section.type, section.cells, section.total])).toEqual([
      ['income', [5000, 8000], 13_000],
      ['expenses', [3000, 0], 3000],
    ])
    expect(dollars?.net).toEqual({ cells: [2000, 8000], total: 10_000 })
    expect(yen?.net).toEqual({ cells: [0, -900], total: -900 })
  })

  it('keeps the days of a column within the period, and says so where it is no whole month', () => {
    const { columns } = statementView(statement, period, 'USD')
    expect(columns.map(({ from, to }) => [from, to])).toEqual([
      ['2026-10-15', '2026-10-31'],
      ['2026-11-01', '2026-11-30'],
    ])
    expect(columns[0]?.label).toMatch(/15/)
    expect(columns[1]?.label).not.toMatch(/30/)
  })

  it('reads more than five years as years', () => {
    const months = Array.from({ length: mostMonthColumns + 1 }, (_, at) => {
      const index = 2020 * 12 + at
      return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
    })
    const row = { account: 'expenses:rent', currency: 'USD', minor: months.length * 100, byMonth: months.map(() => 100) }
    const long = { from: '2020-01-01', to: '2025-01-31' }
    const view = statementView({ months, rows: [row], net: [], unvaluedEntries: 0 }, long, 'USD')
    expect(view.byYear).toBe(true)
    expect(view.columns.map(({ from, to }) => `${from} ${to}`).slice(-2)).toEqual([
      '2024-01-01 2024-12-31',
      '2025-01-01 2025-01-31',
    ])
    expect(view.groups[0]?.net.cells).toEqual([-1200, -1200, -1200, -1200, -1200, -100])
    expect(view.groups[0]?.net.total).toBe(-6100)
  })

  it('is written with a column per month', () => {
    const lines = incomeLines(statementView(statement, { from: '2026-10-01', to: '2026-11-30' }, 'USD'))
    expect(lines).toContainEqual(['Net result', 'JPY', '0', '-900', '-900'])
    expect(lines).toContainEqual(['Total income', 'USD', '50.00', '80.00', '130.00'])
  })
})

describe('balance sheet', () => {
  const sheet = {
    rows: [
      { account: 'assets:bank', currency: 'USD', minor: 12_000, type: 'assets' as const },
      { account: 'liabilities:sales-tax', currency: 'USD', minor: -2000, type: 'liabilities' as const },
      { account: 'equity:earnings', currency: 'USD', minor: -13_000, type: 'equity' as const },
      { account: 'equity:owner', currency: 'USD', minor: 3000, type: 'equity' as const },
    ],
    totals: [],
    unvaluedEntries: 0,
  }

  it('shows every section in its natural sign; assets equal the claims on them', () => {
    const [group] = sheetGroups(sheet, 'USD')
    expect(group?.assets.total).toBe(12_000)
    expect(group?.liabilities.total).toBe(2000)
    expect(group?.equity.lines).toEqual([
      { account: 'equity:earnings', minor: 13_000 },
      { account: 'equity:owner', minor: -3000 },
    ])
    expect(group?.claims).toBe(group?.assets.total)
  })

  it('follows earnings to the income and expense accounts they are made of', () => {
    expect(earningsParts(trial, 'USD')).toEqual([
      { account: 'income:services', minor: 13_000 },
      { account: 'expenses:rent', minor: -3000 },
    ])
  })

  it('is written section by section', () => {
    expect(sheetLines(sheetGroups(sheet, 'USD'))).toContainEqual(['Equity', 'Total equity', 'USD', '100.00'])
  })
})
