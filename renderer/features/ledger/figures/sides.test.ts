import { expect, it } from 'vitest'
import { currenciesIn, naturalSign, typeOf } from './sides'

it('leaves the order by code where the own currency has no figure', () => {
  expect(currenciesIn([{ currency: 'USD' }, { currency: 'EUR' }, { currency: 'USD' }], 'CHF')).toEqual(['EUR', 'USD'])
})

it('reads the type of an account from its root', () => {
  expect(typeOf('expenses:travel:hotels')).toBe('expenses')
})

it('adds to assets and expenses in debit, to everything else in credit', () => {
  expect((['assets', 'expenses', 'liabilities', 'equity', 'income'] as const).map(naturalSign)).toEqual([1, 1, -1, -1, -1])
})
