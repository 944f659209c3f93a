import { describe, expect, it } from 'vitest'
import { chartGroups, pathOf, pathProblem } from './chart'

const accounts = (['income:services', 'assets:stripe', 'assets:bank', 'expenses:rent'] as const).map((account) => ({
  account,
  type: account.slice(0, account.indexOf(':')) as 'assets' | 'income' | 'expenses',
  createdAt: 0,
}))
const rows = [
  { account: 'assets:stripe', currency: 'EUR', minor: 500 },
  { account: 'assets:stripe', currency: 'USD', minor: 700 },
  { account: 'income:services', currency: 'USD', minor: -1200 },
]

describe('the chart', () => {
  it('stands by type, with balances in their natural sign and the own currency first', () => {
    const groups = chartGroups(accounts, { rows }, 'USD', { query: '', onlyUsed: false })
    expect(groups.map((group) => group.type)).toEqual(['assets', 'income', 'expenses'])
    expect(groups[0]?.lines[0]?.amounts).toEqual([
      { currency: 'USD', minor: 700 },
      { currency: 'EUR', minor: 500 },
    ])
    expect(groups[1]?.lines[0]?.amounts).toEqual([{ currency: 'USD', minor: 1200 }])
  })

  it('finds a part of a path in any case, and leaves out what has no balance', () => {
    const names = (query: string, onlyUsed: boolean) =>
      chartGroups(accounts, { rows }, 'USD', { query, onlyUsed }).flatMap((group) => group.lines.map((line) => line.account))
    expect(names(' RENT ', false)).toEqual(['expenses:rent'])
    expect(names('', true)).toEqual(['assets:stripe', 'income:services'])
    expect(names('rent', true)).toEqual([])
  })
})

describe('a new account', () => {
  const say = { missing: 'missing', exists: 'exists' }
  it('stands under its type, also where the name brings its root', () => {
    expect(pathOf('assets', ' bank:savings ')).toBe('assets:bank:savings')
    expect(pathOf('assets', 'assets:bank')).toBe('assets:bank')
  })

  it('needs a name that is a path and is free', () => {
    const problem = (name: string) => pathProblem(pathOf('assets', name), new Set(['assets:bank']), say)
    expect(problem('')).toBe('missing')
    expect(problem('bank')).toBe('exists')
    expect(problem('a/b')).toMatch(/must be an account path/)
    expect(problem('bank:savings')).toBeNull()
  })
})
