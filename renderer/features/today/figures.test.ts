import { describe, expect, it } from 'vitest'
import { axisTop, balancesOf, monthResults, monthStart, results } from './figures'

const statement = {
  months: ['2026-10', '2026-11'],
  rows: [
    { account: 'income:services', currency: 'USD', minor: -300, byMonth: [-100, -200] },
    { account: 'income:other', currency: 'USD', minor: -50, byMonth: [-50, 0] },
    { account: 'expenses:rent', currency: 'USD', minor: 80, byMonth: [40, 40] },
    { account: 'income:services', currency: 'EUR', minor: -999, byMonth: [-999, 0] },
  ],
  net: [
    { currency: 'EUR', minor: -999 },
    { currency: 'USD', minor: -270 },
  ],
  unvaluedEntries: 0,
}

describe('figures of Today', () => {
  it('turns the sign of the books into earned and spent, per currency', () => {
    expect(monthResults(statement, 'USD')).toEqual([
      { month: '2026-10', income: 150, expenses: 40 },
      { month: '2026-11', income: 200, expenses: 40 },
    ])
    expect(results(statement, 'USD')).toEqual([
      { minor: 270, currency: 'USD' },
      { minor: 999, currency: 'EUR' },
    ])
  })

  it('shows zero in the own currency where an account has no balance, and never minus zero', () => {
    const trial = { rows: [{ account: 'liabilities:sales-tax', currency: 'EUR', minor: -20 }], unvaluedEntries: 0 }
    expect(balancesOf(trial, 'liabilities:sales-tax', 'USD', -1)).toEqual([
      { minor: 0, currency: 'USD' },
      { minor: 20, currency: 'EUR' },
    ])
    expect(Object.is(results({ ...statement, net: [] }, 'USD')[0]?.minor, 0)).toBe(true)
  })

  it('counts months back over the turn of the year', () => {
    expect(monthStart('2026-11-21', 0)).toBe('2026-11-01')
    expect(monthStart('2026-11-21', 11)).toBe('2025-12-01')
    expect(monthStart('2026-01-31', 1)).toBe('2025-12-01')
  })

  it.each([
    [0, 1],
    [1, 1],
    [130, 150],
    [3348, 4000],
    [240, 250],
    [4200, 5000],
    [5001, 6000],
    [8001, 10_000],
  ])('tops an axis for %i at %i', (value, top) => {
    expect(axisTop(value)).toBe(top)
  })
})
