import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CommandName, Input, Output } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { type LiveApp, openLiveApp, passphrase } from '../../../tests/support/liveApp'
import type { App } from '../../container'
import { unlockVault, wipe } from './vault'

const next = 'nine loud geese under the old bridge'

let live: LiveApp
let app: App

beforeEach(async () => {
  live = await openLiveApp()
  app = live.app
})
afterEach(() => live.close())

type VaultCommand = Extract<CommandName, 'vault.lock' | 'vault.unlock' | 'vault.changePassphrase'>

async function run<N extends VaultCommand>(name: N, input: Input<N>, door: 'api' | 'window' = 'api'): Promise<Output<N>> {
  const outcome = (await app.dispatcher.callByName(name, input, { actor: app.owner, door })) as { value: Output<N> }
  return outcome.value
}

const status = () => app.dispatcher.call('vault.status', {}, { actor: app.owner, door: 'api' })
const rows = async () =>
  (await app.dispatcher.call('audit.list', { query: 'vault.' }, { actor: app.owner, door: 'api' })).items.map(
    ({ procedure, outcome, door }) => `${procedure} ${outcome} ${door}`,
  )
const changePassphrase = (current: string, to: string) => run('vault.changePassphrase', { current, next: to }, 'window')

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'done'
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

async function opens(phrase: string): Promise<boolean> {
  try {
    wipe(await unlockVault(live.dataDir, { passphrase: phrase }))
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'forbidden') return false
    throw error
  }
}

test('the status says where the vault stands, also while it is locked, and locking tells who listens', async () => {
  const open = { state: 'unlocked', world: 'live', version: app.version }
  let left = 0
  app.onLock(() => {
    left += 1
  })
  expect(await status()).toEqual(open)
  expect(await run('vault.lock', {})).toEqual({ ...open, state: 'locked' })
  expect([app.isLocked, left]).toEqual([true, 1])
  expect(await status()).toEqual({ ...open, state: 'locked' })
  expect(await run('vault.unlock', { passphrase })).toEqual(open)
  expect(app.isLocked).toBe(false)
  expect(await rows()).toEqual(['vault.unlock done api', 'vault.lock done api'])
})

test('unlocking twice, also at the same time, is harmless; locking a locked vault is refused like everything else', async () => {
  expect(await run('vault.unlock', { passphrase })).toMatchObject({ state: 'unlocked' })
  await run('vault.lock', {})
  expect(await codeOf(run('vault.lock', {}))).toBe('locked')
  const both = await Promise.all([run('vault.unlock', { passphrase }), run('vault.unlock', { passphrase })])
  expect(both.map(({ state }) => state)).toEqual(['unlocked', 'unlocked'])
})

test('a wrong passphrase opens nothing and stands in the log without its words', async () => {
  await run('vault.lock', {})
  expect(await codeOf(run('vault.unlock', { passphrase: 'canary of the coal mine' }))).toBe('forbidden')
  expect(await status()).toMatchObject({ state: 'locked' })
  await run('vault.unlock', { passphrase })
  expect(await rows()).toEqual(['vault.unlock done api', 'vault.unlock failed:forbidden api', 'vault.lock done api'])
  const all = await app.dispatcher.call('audit.list', { limit: 200 }, { actor: app.owner, door: 'api' })
  for (const secret of ['canary', passphrase, 'herons']) expect(JSON.stringify(all)).not.toContain(secret)
})

test('V7: five wrong ones close this door for the right one too; the door of the window stays open', async () => {
  await run('vault.lock', {})
  for (let tries = 0; tries < 5; tries++)
    expect(await codeOf(run('vault.unlock', { passphrase: `wrong ${tries}` }))).toBe('forbidden')
  expect(await codeOf(run('vault.unlock', { passphrase }))).toBe('rate_limited')
  expect(await status()).toMatchObject({ state: 'locked' })
  expect(await run('vault.unlock', { passphrase }, 'window')).toMatchObject({ state: 'unlocked' })
})

test('the passphrase is changed by who knows it, to another one that is not weak; the old one opens nothing then', async () => {
  expect(await codeOf(changePassphrase(passphrase, passphrase))).toBe('invalid_input')
  expect(await codeOf(changePassphrase(passphrase, 'password1'))).toBe('invalid_input')
  expect(await codeOf(changePassphrase('not the passphrase at all', next))).toBe('forbidden')
  expect(await opens(passphrase)).toBe(true)

  expect(await changePassphrase(passphrase, next)).toMatchObject({ state: 'unlocked' })
  expect([await opens(passphrase), await opens(next)]).toEqual([false, true])
  await run('vault.lock', {})
  expect(await codeOf(run('vault.unlock', { passphrase }))).toBe('forbidden')
  expect(await run('vault.unlock', { passphrase: next })).toMatchObject({ state: 'unlocked' })
  expect((await rows()).filter((row) => row.startsWith('vault.changePassphrase'))).toEqual([
    'vault.changePassphrase done window',
    'vault.changePassphrase failed:forbidden window',
    'vault.changePassphrase failed:invalid_input window',
    'vault.changePassphrase failed:invalid_input window',
  ])
})

test('where the passphrase is lost the kit makes a new one; without either or with both nothing changes', async () => {
  const call = (name: 'vault.createRecoveryKit', input: Input<'vault.createRecoveryKit'>) =>
    app.dispatcher.call(name, input, { actor: app.owner, door: 'window' })
  const made = await call('vault.createRecoveryKit', { passphrase })
  const kitCode = made.status === 'done' ? made.value.code : ''
  expect(made).toMatchObject({ value: { publicKey: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  expect(await codeOf(run('vault.changePassphrase', { next }, 'window'))).toBe('invalid_input')
  expect(await codeOf(run('vault.changePassphrase', { current: passphrase, kitCode, next }, 'window'))).toBe('invalid_input')
  expect(await opens(passphrase)).toBe(true)
  expect(await run('vault.changePassphrase', { kitCode, next }, 'window')).toMatchObject({ state: 'unlocked' })
  expect([await opens(passphrase), await opens(next)]).toEqual([false, true])
})
