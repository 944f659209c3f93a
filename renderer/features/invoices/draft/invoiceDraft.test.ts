import { describe, expect, it } from 'vitest'
import { invoices } from '../../../../shared/contract/invoices'
import { checkDraft, type Draft, emptyDraft, emptyLine, inCurrency, lineAmounts } from './invoiceDraft'

const line = (change: Partial<Draft['lines'][number]>) => ({ ...emptyLine(), description: 'Design', price: 9500, ...change })
const draft = (change: Partial<Draft> = {}): Draft => ({
  ...emptyDraft('USD', '2026-12-21', 'cus_1'),
  lines: [line({})],
  ...change,
})

describe('checkDraft', () => {
  it('makes exactly what the contract takes, with exact totals', () => {
    const check = checkDraft(draft({ lines: [line({ quantity: '1,5', taxPercent: '20' }), line({ account: 'income:other' })] }))
    expect(check.ok).toBe(true)
    if (!check.ok) return
    expect(invoices['invoices.create'].input.safeParse({ ...check.input, businessId: 'b' }).success).toBe(true)
    expect(check.input.lines).toEqual([
      { description: 'Design', quantity: '1.5', unitPrice: { minor: 9500, currency: 'USD' }, taxRate: '0.2' },
      { description: 'Design', quantity: '1', unitPrice: { minor: 9500, currency: 'USD' }, account: 'income:other' },
    ])
    expect(check.totals).toMatchObject({ subtotal: 23750, tax: 2850, total: 26600 })
  })

  it('ignores lines on which nothing was typed', () => {
    const check = checkDraft(draft({ lines: [line({}), emptyLine()] }))
    expect(check.ok && check.input.lines).toHaveLength(1)
  })

  it('says what is missing, by field', () => {
    const bad = line({ description: ' ', quantity: '0', price: null, taxPercent: '120' })
    const check = checkDraft(draft({ customerId: null, dueOn: null, lines: [{ ...bad, description: '', price: 1 }] }))
    expect(check.ok).toBe(false)
    if (check.ok) return
    const key = bad.key
    expect(Object.keys(check.problems).sort()).toEqual(['customer', 'due', `${key}.description`, `${key}.quantity`, `${key}.tax`])
    expect(checkDraft(draft({ lines: [emptyLine()] }))).toMatchObject({ ok: false, problems: { lines: expect.any(String) } })
  })

  it('names the line whose amount is too large to keep exactly', () => {
    const huge = line({ price: Number.MAX_SAFE_INTEGER, quantity: '1000' })
    expect(checkDraft(draft({ lines: [huge] }))).toMatchObject({
      ok: false,
      problems: { [`${huge.key}.price`]: expect.any(String) },
    })
  })
})

describe('lines', () => {
  it('shows the amount of complete lines while others are unfinished', () => {
    const done = line({ quantity: '3' })
    const open = line({ price: null })
    const amounts = lineAmounts(draft({ lines: [done, open, line({ quantity: 'x' })] }))
    expect([...amounts]).toEqual([[done.key, 28500]])
  })

  it('carries tax and account to the next line', () => {
    expect(emptyLine(line({ taxPercent: '19', account: 'income:other' }))).toMatchObject({
      taxPercent: '19',
      account: 'income:other',
    })
  })

  it('keeps 95.00 as 95 in a currency with other decimals, and empties what does not fit', () => {
    expect(inCurrency(draft(), 'JPY').lines[0]?.price).toBe(95)
    expect(inCurrency(draft(), 'KWD').lines[0]?.price).toBe(95000)
    expect(inCurrency(draft({ lines: [line({ price: 9550 })] }), 'JPY').lines[0]?.price).toBeNull()
  })
})
