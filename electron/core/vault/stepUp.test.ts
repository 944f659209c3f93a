import { beforeEach, expect, test } from 'vitest'
import { createStepUp, type StepUpState, stepUpLasts } from './stepUp'
import type { VaultState } from './vault.session'

let now: number
let elapsed: number
let change: (state: VaultState) => void
let stepUp: StepUpState
beforeEach(() => {
  now = 1_800_000_000_000
  elapsed = 5000
  const session = {
    onChange: (listener: (state: VaultState) => void) => {
      change = listener
      return () => undefined
    },
  }
  stepUp = createStepUp(
    session,
    () => now,
    () => elapsed,
  )
})
const pass = (ms: number) => {
  now += ms
  elapsed += ms
}

test('a proof of the owner is good for five minutes', () => {
  expect(stepUp.until('owner')).toBeNull()
  expect(() => stepUp.require('owner')).toThrow(expect.objectContaining({ code: 'step_up_required' }))
  expect(stepUp.proved()).toBe(now + 5 * 60_000)
  pass(stepUpLasts - 1)
  expect(() => stepUp.require('owner')).not.toThrow()
  pass(1)
  expect(() => stepUp.require('owner')).toThrow('vault/stepUp')
  expect(stepUp.until('owner')).toBeNull()
})

test('nobody but the owner ever has one', () => {
  stepUp.proved()
  for (const actor of ['token:tok_1', 'helper:hel_1', 'schedule:outbox', 'assistant'] as const) {
    expect(stepUp.until(actor)).toBeNull()
    expect(() => stepUp.require(actor)).toThrow('only the owner')
    expect(() => stepUp.assertOwner(actor)).toThrow(expect.objectContaining({ code: 'forbidden' }))
  }
  expect(() => stepUp.assertOwner('owner')).not.toThrow()
})

test.each(['locked', 'sealed'] as const)('it is gone once the vault is %s, and stays when it is unlocked', (state) => {
  stepUp.proved()
  change('unlocked')
  expect(stepUp.until('owner')).not.toBeNull()
  change(state)
  expect(stepUp.until('owner')).toBeNull()
})

test('a clock set back prolongs nothing, one set forward ends it', () => {
  stepUp.proved()
  now -= 3_600_000
  elapsed += stepUpLasts
  expect(stepUp.until('owner')).toBeNull()
  now = 1_800_000_000_000
  stepUp.proved()
  now += 3_600_000
  expect(stepUp.until('owner')).toBeNull()
})

test('without a clock of its own it runs with the machine', () => {
  const real = createStepUp({ onChange: () => () => undefined }, () => now)
  real.proved()
  expect(real.until('owner')).toBe(now + stepUpLasts)
})
