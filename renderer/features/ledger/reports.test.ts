import { describe, expect, it } from 'vitest'
import { asRead, currenciesOf, depthOf, rootOf, sidesOf, totalOf } from './reports'

const rows = [
  { account: 'assets:bank', currency: 'USD', minor: 500 },
  { account: 'income:services', currency: 'USD', minor: -300 },
  { account: 'liabilities:sales-tax', currency: 'USD', minor: -200 },
]

describe('reports', () => {
  it('puts the own currency first', () => {
    const given = [{ currency: 'EUR' }, { currency: 'CHF' }, { currency: 'USD' }, { currency: 'EUR' }]
    expect(currenciesOf(given, 'USD')).toEqual(['USD', 'CHF', 'EUR'])
    expect(currenciesOf(given, 'JPY')).toEqual(['CHF', 'EUR', 'USD'])
  })

  it('shows both sides of a trial balance as positive sums', () => {
    expect(sidesOf(rows)).toEqual({ debit: 500, credit: 500 })
    expect(totalOf(rows)).toBe(0)
  })

  it('reads credits of income, liabilities and equity as positive, and zero as zero', () => {
    expect(asRead('income', -300)).toBe(300)
    expect(asRead('equity', 20)).toBe(-20)
    expect(asRead('assets', -5)).toBe(-5)
    expect(asRead('expenses', 7)).toBe(7)
    expect(Object.is(asRead('liabilities', 0), 0)).toBe(true)
  })

  it('takes a path apart', () => {
    expect(rootOf('assets:bank:main')).toBe('assets')
    expect(depthOf('assets:bank')).toBe(0)
    expect(depthOf('assets:bank:main')).toBe(1)
  })
})
