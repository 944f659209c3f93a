import { expect, test } from 'vitest'
import { noKeyStore } from './keyStore'

test('a machine without a keychain keeps nothing and says why', async () => {
  const store = noKeyStore('There is no keychain here.')
  expect(await store.available()).toEqual({ ok: false, problem: 'There is no keychain here.' })
  await expect(store.set('vault.a', Buffer.from('x'))).rejects.toThrow('There is no keychain here. Nothing was kept.')
  expect(await store.get('vault.a')).toBeNull()
  await store.delete('vault.a')
})
