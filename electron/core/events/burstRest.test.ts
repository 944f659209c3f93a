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

test('while events come, work on a slow disk takes a third of the time; without events there is no rest', () => {
  let now = 1000
  const rest = new BurstRest(() => now)
  const work = () => {
    now += 6
    return 'done'
  }
  expect(rest.during(work)).toBe('done')
  rest.begin()
  expect(rest.left()).toBe(0)
  rest.arrive(1)
  rest.during(work)
  rest.during(work)
  rest.begin()
  expect(rest.left()).toBe(24)
  now += 24
  rest.arrive(1)
  rest.begin()
  expect(rest.left()).toBeCloseTo(0.2)
  const failing = () => {
    work()
    throw new Error('The disk is full')
  }
  expect(() => rest.during(failing)).toThrow('full')
  rest.arrive(1)
  rest.begin()
  expect(rest.left()).toBe(12)
})
