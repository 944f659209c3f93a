import { describe, expect, it } from 'vitest'
import { keyProblem, readKey } from './stripeKey'
import { words } from './words'

describe('readKey', () => {
  it('tells test from live and restricted from secret while it is typed', () => {
    expect(readKey('rk_live_abc')).toEqual({ kind: 'key', mode: 'live', restricted: true, complete: false })
    expect(readKey(' sk_test_51H8xPractice ')).toEqual({ kind: 'key', mode: 'test', restricted: false, complete: true })
  })

  it('knows what is pasted by mistake', () => {
    expect(readKey('pk_live_abcdefgh').kind).toBe('publishable')
    expect(readKey('whsec_abcdefgh').kind).toBe('webhook')
    expect(readKey('hello').kind).toBe('unknown')
    expect(readKey('  ').kind).toBe('empty')
  })
})

describe('keyProblem', () => {
  it('refuses the mode that a business can never have', () => {
    expect(keyProblem('sk_live_12345678', 'test')).toBe(words.detected.wrongMode('test'))
    expect(keyProblem('sk_test_12345678', 'live')).toBe(words.detected.wrongMode('live'))
    expect(keyProblem('sk_test_12345678', 'test')).toBeNull()
    expect(keyProblem('sk_live_12345678', null)).toBeNull()
  })

  it('names incomplete and wrong keys', () => {
    expect(keyProblem('sk_test_1', null)).toBe(words.detected.unknown)
    expect(keyProblem('pk_test_12345678', null)).toBe(words.detected.publishable)
    expect(keyProblem('whsec_12345678', null)).toBe(words.detected.webhook)
  })
})
