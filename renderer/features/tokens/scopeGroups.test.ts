import { describe, expect, it } from 'vitest'
import { scopes } from '../../../shared/contract/procedure'
import { scopeGroups, scopesText } from './scopeGroups'

describe('scopes', () => {
  it('groups every scope exactly once', () => {
    const listed = scopeGroups(true).flatMap((group) =>
      [group.read, group.write, ...group.other].filter((scope) => scope !== null),
    )
    expect([...listed].sort()).toEqual([...scopes].sort())
  })

  it('offers practice rights in a practice world only', () => {
    expect(scopeGroups(false).some((group) => group.domain === 'practice')).toBe(false)
  })

  it('reads as words', () => {
    expect(scopesText(['invoices:read', 'ledger:read', 'payments:read', 'payments:write', 'approvals:decide'])).toBe(
      'invoices, ledger (read); payments (read, write); approvals (decide)',
    )
  })
})
