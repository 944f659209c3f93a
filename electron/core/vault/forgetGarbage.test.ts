import { expect, test, vi } from 'vitest'
import { forgetGarbage } from './forgetGarbage'

test('V5: what nothing refers to is collected at once and twice again within five seconds', () => {
  const asked: unknown[] = []
  const waits: number[] = []
  forgetGarbage(
    (how) => asked.push(how),
    (work, ms) => {
      waits.push(ms)
      work()
    },
  )
  expect(waits).toEqual([0, 1000, 3000])
  expect(asked).toEqual(Array(3).fill({ type: 'major', execution: 'sync', flavor: 'last-resort' }))
})

test('V5: V8 itself is asked', async () => {
  const gone = vi.fn()
  const registry = new FinalizationRegistry(gone)
  const make = () => registry.register({ secret: 'x'.repeat(1000) }, 1)
  make()
  forgetGarbage()
  await vi.waitFor(() => expect(gone).toHaveBeenCalledWith(1), { timeout: 10_000 })
})
