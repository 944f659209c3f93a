import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldTypes, type SecretKind, secretKinds } from '../../../shared/contract/secrets'
import { isHidden } from './fieldRules'
import { hintOf, hostOf, hostsOf } from './hint'
import type { OpenField } from './secretItems'

const open = (name: string, value: string, type: OpenField['type'] = 'hidden'): OpenField => ({
  name,
  type,
  value: Buffer.from(value),
})

test.each<[SecretKind, OpenField[], string | null]>([
  ['login', [open('User name', 'ada', 'text'), open('Password', 'pw pw')], 'ada'],
  ['login', [open('Password', 'pw pw'), open('E-mail', 'ada@brook.example', 'email')], 'ada@brook.example'],
  ['login', [open('Password', 'pw pw'), open('Site', 'example.com/login', 'url')], 'example.com'],
  ['login', [open('User name', 'ada'), open('Password', 'pw pw')], null],
  ['api_key', [open('Key', 'k_1234')], null],
  ['card', [open('Number', '4242 4242 4242 4242'), open('Name on card', 'ADA BROOK', 'text')], '•••• 4242'],
  ['card', [open('Number', '4242'), open('Security code', '737')], null],
  ['bank_account', [open('IBAN', 'DE89 3704 0044 0532 0130 00')], '•••• 3000'],
  ['bank_account', [open('Account number', '000123456789', 'text')], '•••• 6789'],
  ['stripe', [open('Secret key', 'sk_test_1234567890abcdef')], 'api.stripe.com'],
  ['upwork', [open('Client secret', '1234567890abcdef')], 'api.upwork.com'],
  ['note', [open('Note', 'buy milk', 'multiline')], null],
  ['file', [], null],
])('the hint of a %s with %j is %s', (kind, fields, hint) => {
  expect(hintOf(kind, fields)).toBe(hint)
})

test('a hint that holds a hidden value is left out, and one line is kept of many', () => {
  expect(hintOf('login', [open('User name', 'ada:hunter2', 'text'), open('Password', 'hunter2')])).toBeNull()
  expect(hintOf('login', [open('User name', 'ada\u2028brook\n', 'text')])).toBe('ada brook')
  expect(hintOf('login', [open('User name', 'x'.repeat(300), 'text')])).toHaveLength(100)
  expect(hintOf('login', [open('User name', `${'x'.repeat(99)}😀😀`, 'text')])).toBe('x'.repeat(99))
})

test('no hint of any item holds a hidden value, save the last four digits of a card or account', () => {
  const anyField = fc.record({
    name: fc.constantFrom('User name', 'Password', 'Number', 'IBAN', 'Secret key', 'Site', 'Code', 'E-mail'),
    type: fc.constantFrom(...fieldTypes),
    value: fc.oneof(fc.string({ minLength: 4 }), fc.constantFrom('4242424242424242', 'https://ada:pass@host.example', 'ada')),
  })
  const items = fc.record({
    kind: fc.constantFrom(...secretKinds),
    fields: fc.uniqueArray(anyField, { selector: ({ name }) => name }),
  })
  fc.assert(
    fc.property(items, ({ kind, fields }) => {
      const hint = hintOf(
        kind,
        fields.map(({ name, value, type }) => open(name, value, type)),
      )
      if (hint === null) return
      expect(hint).toMatch(/^[^\p{Cc}\u2028\u2029]{1,100}$/u)
      for (const { type, value } of fields) if (isHidden(type) && value.length >= 4) expect(hint).not.toContain(value)
      if (kind === 'card' || kind === 'bank_account') expect(hint).toMatch(/^•••• \d{4}$/)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['https://Example.com/a?b=c', 'example.com'],
  ['example.com', 'example.com'],
  ['example.com:8443/path', 'example.com'],
  ['https://user:password@host.example/', 'host.example'],
  ['ftp://files.example', 'files.example'],
  ['https://münchen.example', 'xn--mnchen-3ya.example'],
  ['', null],
  ['not an address', null],
  ['https://', null],
])('the host of %j is %s', (address, host) => {
  expect(hostOf(address)).toBe(host)
})

test('the hosts of an item are those of its addresses, each once, and its provider’s', () => {
  const fields = [open('a', 'https://b.example/1', 'url'), open('b', 'b.example', 'url'), open('c', 'https://hidden.example')]
  expect(hostsOf('stripe', fields)).toEqual(['api.stripe.com', 'b.example'])
})
