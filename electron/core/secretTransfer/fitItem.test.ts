import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newField, secrets } from '../../../shared/contract/secrets'
import type { ForeignItem } from '../ports/foreignVault'
import { fitItem } from './fitItem'

const foreign = (more: Partial<ForeignItem>): ForeignItem => ({
  kind: 'login',
  title: 'Shop',
  tags: [],
  fields: [],
  attachments: [],
  ...more,
})

test('names that the vault does not take are made to fit and told apart', () => {
  const fields = ['', '***', 'pass/word', 'Pass word', 'user', 'USER'].map((name) => ({
    name,
    type: 'text' as const,
    value: 'v',
  }))
  expect(fitItem(foreign({ fields })).item.fields.map(({ name }) => name)).toEqual([
    'Field',
    'Field 2',
    'pass word',
    'Pass word 2',
    'user',
    'USER 2',
  ])
})

test('fields that items begin with get their name here; names that a person gave stay', () => {
  const names = ['username', 'password', 'one-time code', 'notes', 'Username of old', 'constructor', 'Password']
  const fields = names.map((name) => ({ name, type: 'text' as const, value: 'v' }))
  expect(fitItem(foreign({ fields })).item.fields.map(({ name }) => name)).toEqual([
    'User name',
    'Password',
    'One-time code',
    'Note',
    'Username of old',
    'constructor',
    'Password 2',
  ])
})

test('a card’s number is hidden whatever the file says; what is too long or too much is told of', () => {
  const fields = [{ name: 'number', type: 'text' as const, value: '4242424242424242' }]
  expect(fitItem(foreign({ kind: 'card', fields })).item.fields).toEqual([{ ...fields[0], name: 'Number', type: 'hidden' }])
  const long = [{ name: 'notes', type: 'multiline' as const, value: 'x'.repeat(20_001) }]
  const { item, left } = fitItem(foreign({ fields: long }))
  expect(item.fields).toEqual([])
  expect(left).toEqual(['A field of "Shop": it is longer than 20,000 characters.'])
  const many = Array.from({ length: 62 }, (_, i) => ({ name: `f${i}`, type: 'text' as const, value: 'v' }))
  expect(fitItem(foreign({ fields: many })).left).toEqual(['2 fields of "Shop": an item holds 60.'])
})

test('whatever another vault holds, the fitted item is one that secrets.create takes', () => {
  const text = fc.string({ unit: 'binary', maxLength: 80 })
  const field = fc.record({ name: text, type: fc.constantFrom('text', 'hidden', 'url'), value: text })
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 30 }), fc.array(field, { maxLength: 70 }), (title, tags, fields) => {
      const { item } = fitItem(foreign({ title, tags, fields: fields as ForeignItem['fields'] }))
      const { attachments: _, ...input } = item
      expect(secrets['secrets.create'].input.safeParse(input).error?.issues ?? []).toEqual([])
      expect(new Set(item.fields.map(({ name }) => name.toLowerCase().replace(/[ _-]/g, ''))).size).toBe(item.fields.length)
      for (const one of item.fields) newField.parse(one)
    }),
    { numRuns: 400 },
  )
})
