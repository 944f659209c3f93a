import { expect, test } from 'vitest'
import { noKeyStore, risingCounter } from './keyStore'

test('a machine without a keychain keeps nothing and says why', async () => {
  const store = noKeyStore('There is no keychain here.')
  expect(await store.available()).toEqual({ ok: false, problem: 'There is no keychain here.' })
  await expect(store.set('vault.a', Buffer.from('x'))).rejects.toThrow('There is no keychain here. Nothing was kept.')
  expect(await store.get('vault.a')).toBeNull()
  await store.delete('vault.a')
})

test('V4: a counter rises over restarts, never falls, and outlives a keychain that fails once', async () => {
  const kept = new Map<string, Buffer>()
  let fails = false
  const store = {
    available: async () => ({ ok: true }) as const,
    get: async (name: string) => kept.get(name) ?? null,
    set: async (name: string, value: Uint8Array) => {
      if (fails) throw new Error('locked')
      kept.set(name, Buffer.from(value))
    },
    delete: async () => undefined,
  }
  expect(await risingCounter(store, 'a').read()).toBeNull()
  await risingCounter(store, 'a').raise(5)
  const counter = risingCounter(store, 'a')
  await counter.raise(3)
  fails = true
  await expect(counter.raise(9)).rejects.toThrow('locked')
  fails = false
  expect(await counter.read()).toBe(5)
  expect([await counter.raise(9), await counter.read()]).toEqual([true, 9])
  kept.set('a', Buffer.from('-4'))
  expect(await counter.read()).toBeNull()
  const none = risingCounter(noKeyStore('None.'), 'a')
  expect([await none.read(), await none.raise(1)]).toEqual([null, false])
})
