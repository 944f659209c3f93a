import { expect, test } from 'vitest'
import { canonical, parseForm } from './form'

test('brackets nest hashes and arrays', () => {
  expect(parseForm('a=1&b[c]=2&b[d][0][e]=3&b[d][1][e]=4&list[]=x&list[]=y')).toEqual({
    a: '1',
    b: { c: '2', d: { 0: { e: '3' }, 1: { e: '4' } } },
    list: { 0: 'x', 1: 'y' },
  })
  expect(parseForm('a%5Bb%5D=%2B+%26&empty=')).toEqual({ a: { b: '+ &' }, empty: '' })
})

test('names that would reach a prototype are only names', () => {
  const parsed = parseForm('__proto__[polluted]=1&constructor[prototype][polluted]=1')
  expect(Object.keys(parsed)).toEqual(['__proto__', 'constructor'])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test.each(['a=1&a[b]=2', 'a[b]=2&a=1', 'a[b=1', 'a]b[=1', '[a]=1', `a${'[b]'.repeat(10)}=1`])('%s is refused', (text) => {
  expect(() => parseForm(text)).toThrow('Invalid parameter')
})

test('the canonical text does not depend on the order of parameters, and differs with any value', () => {
  expect(canonical(parseForm('a=1&b[c]=2&b[d]=3'))).toBe(canonical(parseForm('b[d]=3&b[c]=2&a=1')))
  expect(canonical(parseForm('a=1'))).not.toBe(canonical(parseForm('a=2')))
  expect(canonical(parseForm('a[b]=1'))).not.toBe(canonical(parseForm('a={"b":"1"}')))
})
