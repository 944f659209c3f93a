import { describe, expect, it } from 'vitest'
import { accountName, id, requestId, textBlock, textLine } from './ids'

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success

describe('ids', () => {
  it('are letters, digits, dashes and underscores', () => {
    expect(accepts(id, 'inv_01k-A')).toBe(true)
    for (const value of ['', 'a b', 'a/b', '../x', 'é', 'x'.repeat(65), 7]) expect(accepts(id, value)).toBe(false)
    expect(accepts(requestId, 'any:printable/ascii~')).toBe(true)
    for (const value of ['', 'a b', 'é', 'x'.repeat(129)]) expect(accepts(requestId, value)).toBe(false)
  })
})

describe('account names', () => {
  it.each([
    'assets:bank',
    'liabilities:sales-tax',
    'income:Süd & Co.',
    'expenses:it:software 2',
    "equity:owner's",
    'assets:銀行',
  ])('%s is one', (name) => expect(accountName.parse(name)).toBe(name))

  it.each([
    ...[
      'assets',
      'assets:',
      ':bank',
      'assets::bank',
      'Assets:bank',
      'bank',
      'assets:bank:',
      'assets: bank',
      'assets:bank ',
      'assets:a  b',
    ],
    ...[
      'assets:a :b',
      'assets:a;b',
      'assets:a"b',
      'assets:-a',
      'assets:a\nb',
      'assets:=1',
      'revenue:x',
      `assets:${'x'.repeat(200)}`,
    ],
  ])('%j is none', (name) => expect(accepts(accountName, name)).toBe(false))
})

describe('text that a person types', () => {
  it('is one line without control characters, trimmed', () => {
    expect(textLine(5).parse('  Rent ')).toBe('Rent')
    expect(textLine(3, 2).safeParse('a').error?.issues[0]?.message).toBe('must have at least 2 characters')
    expect(textLine(3).safeParse(' ').error?.issues[0]?.message).toBe('must not be empty')
    for (const value of ['a\nb', 'a\u0000', 'a\u2028b', '\ud800', 'abcdef']) expect(accepts(textLine(5), value)).toBe(false)
  })

  it('may have line breaks in a block', () => {
    expect(textBlock(10).parse(' a\nb\tc ')).toBe('a\nb\tc')
    expect(textBlock(10).parse('')).toBe('')
    for (const value of ['a\u0000', '\udfff', 'x'.repeat(11)]) expect(accepts(textBlock(10), value)).toBe(false)
  })
})
