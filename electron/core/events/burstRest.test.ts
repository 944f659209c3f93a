import { expect, test } from 'vitest'
import { BurstRest } from './burstRest'

test('some events in a row cost the projector next to nothing, thousands a quarter of a second and no more', () => {
  let now = 1000
  const rest = new BurstRest(() => now)
  expect(rest.left()).toBeLessThanOrEqual(0)
  rest.arrive(5)
  rest.begin()
  expect(rest.left()).toBe(1)
  now += 1
  expect(rest.left()).toBe(0)
  rest.arrive(64)
  rest.arrive(36)
  rest.begin()
  expect(rest.left()).toBe(20)
  rest.arrive(1_000_000)
  rest.begin()
  expect(rest.left()).toBe(250)
  rest.begin()
  expect(rest.left()).toBe(0)
})
