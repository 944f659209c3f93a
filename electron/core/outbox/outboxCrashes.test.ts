import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GatewayOutcome } from '../ports/paymentGateway'
import { FakeFarSide, OutboxBed } from './testing'

let bed: OutboxBed
beforeEach(() => {
  bed = new OutboxBed()
})
afterEach(() => bed.t.cleanup())

test('whatever is lost, repeated or killed, every row ends once, in the order of its subject, with one effect', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), subject: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('drain' as const), lose: fc.array(fc.boolean(), { maxLength: 6 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), lose: fc.array(fc.boolean(), { maxLength: 3 }) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      bed.t.cleanup()
      bed = new OutboxBed()
      const provider = new FakeFarSide()
      const settled: string[] = []
      const added: { id: string; subject: string }[] = []
      const build = (lose: boolean[], killed: boolean) =>
        bed.worker({
          perform: async (row) => {
            const outcome = provider.answer(row.idempotencyKey, row.subjectId, lose.shift() ?? false)
            return killed ? new Promise<GatewayOutcome<string>>(() => undefined) : outcome
          },
          settle: (_w, row) => {
            settled.push(row.id)
            return undefined
          },
        })
      for (const each of steps) {
        if (each.do === 'add') added.push({ id: bed.add(`inv_${each.subject}`), subject: `inv_${each.subject}` })
        if (each.do === 'drain') await build([...each.lose], false).drain()
        if (each.do === 'crash') {
          const dying = build([...each.lose], true)
          void dying.drain()
          await new Promise((resolve) => setImmediate(resolve))
          await dying.stop(0)
          bed.t.reopen()
        }
        bed.now += 3_600_000
      }
      for (let left = added.length; left >= 0; left--) {
        await build([], false).drain()
        bed.now += 3_600_000
      }
      expect([...settled].sort()).toEqual(added.map(({ id }) => id).sort())
      expect(provider.effects).toEqual(new Map(added.map(({ id, subject }) => [id, subject] as const)))
      for (const subject of new Set(added.map((row) => row.subject))) {
        const ids = added.filter((row) => row.subject === subject).map(({ id }) => id)
        expect(settled.filter((id) => ids.includes(id))).toEqual(ids)
      }
    }),
    { numRuns: 25 },
  )
})
