import { expect, it } from 'vitest'
import { registerHref } from './links'

it('the address of a register holds what is given, readable by the address itself', () => {
  const href = registerHref({ account: 'assets:Bank & Söhne', currency: 'EUR', from: '2026-11-01' })
  expect(Object.fromEntries(new URL(href, 'app://ledger').searchParams)).toEqual({
    account: 'assets:Bank & Söhne',
    currency: 'EUR',
    from: '2026-11-01',
  })
})
