import { describe, expect, it } from 'vitest'
import { addressOf, customerProblems, draftOfCustomer } from './customerDraft'

describe('customer form', () => {
  it('leaves an empty address out as a whole', () => {
    expect(addressOf(draftOfCustomer(null))).toBeNull()
    expect(addressOf({ ...draftOfCustomer(null), line1: '  ' })).toBeNull()
  })

  it('keeps only the parts that were typed', () => {
    const draft = { ...draftOfCustomer(null), line1: ' 1 Harbour Road ', city: 'Portland' }
    expect(addressOf(draft)).toEqual({ line1: '1 Harbour Road', city: 'Portland' })
  })

  it('gives back what was stored', () => {
    const address = { line1: 'a', line2: 'b', city: 'c', state: 'd', postalCode: 'e', country: 'DE' }
    const customer = { id: 'c', businessId: 'b', name: 'N', email: 'n@example.com', address, createdAt: 0, version: 1 }
    expect(addressOf(draftOfCustomer(customer))).toEqual(address)
  })

  it('names what is missing', () => {
    expect(Object.keys(customerProblems(draftOfCustomer(null)))).toEqual(['name', 'email'])
    expect(customerProblems({ ...draftOfCustomer(null, 'A'), email: 'a@example.com', city: 'X' })).toHaveProperty('line1')
    expect(customerProblems({ ...draftOfCustomer(null, 'A'), email: ' a@example.com ' })).toEqual({})
  })
})
