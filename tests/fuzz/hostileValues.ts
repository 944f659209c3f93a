/** Values that no field of a kind may accept, by the name of the field. Written by hand, not derived from the schemas they test. */

const long = (length: number) => 'x'.repeat(length)
const controls = ['a\u0000b', 'a\nb', 'a\u001b[31mb', 'a\u2028b', 'a\u0085b', 'a\ud800b', '\udc00']
const notIds = ['', ' ', '../../etc/passwd', "' OR 1=1 --", 'a b', 'ä', 'a\u0000', '%00', long(65), '<script>', '$(id)']
const notDates = [
  '',
  '2026-02-30',
  '2025-02-29',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '0000-00-00',
  '1899-12-31',
  '2200-01-01',
  '2026-1-1',
  '20260110',
  '2026-01-10T00:00:00Z',
  '２０２６-01-10',
  'today',
  '2026-01-10 ',
  '-2026-01-10',
]
const notCurrencies = [
  '',
  'usd',
  'US',
  'USDT',
  'XXX',
  'XAU',
  'XDR',
  'XTS',
  'BYR',
  'LTL',
  'ZMK',
  'ABC',
  '$',
  'ＵＳＤ',
  'USD ',
  '__proto__',
  'toString',
]
const notDecimals = [
  '',
  '-1',
  '+1',
  '1e3',
  '1,5',
  '1.',
  '.5',
  '01',
  '0x10',
  'NaN',
  'Infinity',
  '١',
  '１',
  '1 ',
  '1.2.3',
  '9'.repeat(50),
  '1.0000000000001',
]
const notAccounts = [
  '',
  'assets',
  'assets:',
  ':bank',
  'foo:bank',
  'Assets:bank',
  'assets::bank',
  'assets: bank',
  'assets:bank ',
  'assets:a  b',
  'assets:a\nb',
  'assets:=1+1',
  'assets:;x',
  'assets:-a',
  'assets:a\u202eb',
  `assets:${long(200)}`,
]
const texts = ['', ' ', ...controls, long(2_000), long(100_000)]

const byName: Readonly<Record<string, readonly unknown[]>> = {
  requestId: ['', ' ', 'a b', 'ä', 'a\n', long(129), '\u007f'],
  currency: notCurrencies,
  base: notCurrencies,
  quote: notCurrencies,
  on: notDates,
  occurredOn: notDates,
  dueOn: notDates,
  from: notDates,
  to: notDates,
  asOf: notDates,
  through: notDates,
  rate: [...notDecimals, '0', '0.000'],
  quantity: [...notDecimals, '0', '0.0', '1.0000001'],
  taxRate: [...notDecimals.filter((text) => text !== '-1'), '-0.1', '1.000001', '2', '20', '0.0000001'],
  account: notAccounts,
  email: [
    '',
    'a',
    'a@',
    '@b.example',
    'a b@c.example',
    'a@b',
    'a@b.example\nBcc: c@d.example',
    `${long(250)}@b.example`,
    'a@b.example,c@d.example',
  ],
  country: ['', 'us', 'USA', 'U', 'U1', 'ＵＳ', 'US '],
  timeZone: ['', 'Mars/Olympus', 'europe', '+02:00', '../../etc/localtime', long(65), '__proto__'],
  name: texts,
  description: texts,
  reason: texts,
  line1: texts,
  note: [...controls, long(501)],
  memo: ['a\u0000b', 'a\u001bb', 'a\ud800b', long(1001), long(100_000)],
  provider: ['', 'paypal', 'Stripe', 'constructor'],
  status: ['', 'nope', 'OPEN', '__proto__'],
  decision: ['', 'maybe', 'Allow'],
  format: ['', 'pdf', 'CSV', '../csv'],
  type: ['', 'asset', 'Expenses', '__proto__'],
  secretKey: ['', 'sk_test_', 'pk_test_abcdefghij', 'sk_live', 'sk_test_abc def', `sk_test_${long(300)}`, 'sk_test_abcdefgh\n'],
  webhookSecret: ['', 'whsec_', 'secret_abcdefgh', `whsec_${long(300)}`, 'whsec_abcdefgh\r\n'],
  digest: ['', 'a', 'A'.repeat(64), 'g'.repeat(64), 'a'.repeat(65)],
  passphrase: ['', long(1025), 'a\ud800b'],
  query: [long(201), long(100_000)],
  actor: [long(101)],
  cursor: ['', 'nope', '%00', 'W10', 'bnVsbA', 'eyJhIjoxfQ', 'WzEsMiwzLDRd', long(201)],
  limit: [0, -1, 201, 1.5, 1e9],
  minor: [0.5, 2 ** 53, -(2 ** 53), 1e20, 1e308],
  version: [0.5, 2 ** 53],
  expiresInHours: [0, -1, 0.5, 2161, 2 ** 53],
}

/** @returns what a field of this name and present value must never accept; null stands for itself only where `nullable` is false */
export function hostileValues(name: string, value: unknown, procedure: string, nullable: boolean): readonly unknown[] {
  const wrongTypes: unknown[] = [{}, { a: 1 }, { toString: 'x' }, [], [[]], [null], ...(nullable ? [] : [null])]
  if (typeof value === 'string') wrongTypes.push(0, 1.5, true)
  else if (typeof value === 'number') wrongTypes.push('1', '', true)
  else if (typeof value === 'boolean') wrongTypes.push('true', 1, 0)
  if (name === 'procedure') {
    const commands =
      procedure === 'policies.set'
        ? ['', 'nope', 'approvals.decide', 'vault.lock', '__proto__', 'ledger.entries', 'rates.set\ud800']
        : []
    return [...wrongTypes, ...commands, long(101)]
  }
  if (name === 'scopes') return [...wrongTypes, '', 'nope', 'vault', '__proto__']
  if (byName[name] !== undefined) return [...wrongTypes, ...byName[name]]
  if (name.endsWith('Id')) return [...wrongTypes, ...notIds, `${String(value).slice(0, 3)}_unknown`]
  return wrongTypes
}

export const hostileKeys = [
  'extra',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '\ud800',
  '$where',
  long(5_000),
]
