import { expect, it } from 'vitest'
import { splitIds } from './splitIds'

it('ids in a sentence become parts, and nothing is lost', () => {
  const sentence =
    'je_12 takes back je_3, as inv_01m7sx8fske2pwztt9bmtr3zbf and pay_01m7qavqtbejqmsh0cm21w3tbs say; not prepay_1 or je_x.'
  const parts = splitIds(sentence)
  expect(parts.map((part) => part.text).join('')).toBe(sentence)
  expect(parts.filter((part) => part.kind !== 'text').map(({ kind, text }) => [kind, text.slice(0, 6)])).toEqual([
    ['entry', 'je_12'],
    ['entry', 'je_3'],
    ['invoice', 'inv_01'],
    ['payment', 'pay_01'],
  ])
})
