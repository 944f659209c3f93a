import { describe, expect, it } from 'vitest'
import { ledger } from '../../../shared/contract/ledger'
import { balanceWith, checkEntry, type DraftPosting, emptyPosting, imbalances } from './entryDraft'

const posting = (account: string, change: Partial<DraftPosting>): DraftPosting => ({ ...emptyPosting('USD'), account, ...change })
const rent = posting('expenses:rent', { debit: 1450 })
const bank = posting('assets:bank', { credit: 1450 })
const draft = (postings: readonly DraftPosting[]) => ({ occurredOn: '2026-11-01', description: ' Rent ', postings })

describe('entry form', () => {
  it('makes what the contract takes: debits positive, credits negative, blank rows left out', () => {
    const check = checkEntry(draft([rent, bank, emptyPosting('USD')]))
    expect(check.ok).toBe(true)
    if (!check.ok) return
    const input = { ...check.input, postings: [...check.input.postings], businessId: 'b', requestId: 'r' }
    expect(ledger['ledger.post'].input.safeParse(input).success).toBe(true)
    expect(check.input.postings.map((row) => row.amount.minor)).toEqual([1450, -1450])
    expect(check.input.description).toBe('Rent')
  })

  it('balances each currency by itself', () => {
    const euro = posting('assets:bank', { credit: 1450, currency: 'EUR' })
    expect(imbalances([rent, euro])).toEqual([
      { minor: 1450, currency: 'USD' },
      { minor: -1450, currency: 'EUR' },
    ])
    expect(checkEntry(draft([rent, euro]))).toMatchObject({ ok: false, problems: { postings: expect.any(String) } })
  })

  it('offers the amount that is still missing, on the side where it is missing', () => {
    expect(balanceWith([rent], posting('assets:bank', {}))).toMatchObject({ credit: 1450, debit: null })
    expect(balanceWith([bank], posting('expenses:rent', {}))).toMatchObject({ debit: 1450, credit: null })
    expect(balanceWith([rent], bank)).toBe(bank)
    const blank = emptyPosting('USD')
    expect(balanceWith([rent, bank], blank)).toBe(blank)
  })

  it('names what is missing, by field', () => {
    const odd = posting('rent', { debit: 0 })
    const check = checkEntry({ occurredOn: null, description: '', postings: [odd] })
    expect(check.ok).toBe(false)
    if (check.ok) return
    expect(Object.keys(check.problems).sort()).toEqual(
      ['date', 'description', `${odd.key}.account`, `${odd.key}.amount`, 'postings'].sort(),
    )
  })
})
