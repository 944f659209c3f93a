import { expect, test } from 'vitest'
import { shownPath } from './shownPath'

test.each([
  ['/', '/'],
  ['/v1/refunds', '/v1/refunds'],
  ['/v1/payment_intents/pi_3MtwBwLkdIwHu7ix/capture', '/v1/payment_intents/…/capture'],
  ['/bot123456:AAbb-token/sendMessage', '/…/…'],
  ['/users/ada@brook.example/', '/users/…/'],
  ['/users/Ada%20Brook', '/users/…'],
  ['/services/abcdefghijklmnopqrstuvwxyz', '/services/…'],
  [`/${'collection/'.repeat(20)}`, `/${'collection/'.repeat(20)}`.slice(0, 120).concat('…')],
])('a card shows the words of a path and nothing that names one thing: %s', (path, shown) => {
  expect(shownPath(path)).toBe(shown)
})
