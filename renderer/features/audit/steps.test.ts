import { describe, expect, it } from 'vitest'
import { stepWords } from './steps'

describe('stepWords', () => {
  it('names commands and what the app does by itself, and keeps unknown names', () => {
    expect(stepWords('invoices.send')).toBe('Send an invoice')
    expect(stepWords('payments.refunded')).toBe('Refund booked')
    expect(stepWords('later.thing')).toBe('later.thing')
    expect(stepWords('toString')).toBe('toString')
  })
})
