import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextRefundState, paymentStatus, type RefundReport, type RefundState } from './paymentState'

const states: readonly RefundState[] = [
  { status: 'submitted' },
  { status: 'pending' },
  { status: 'succeeded' },
  { status: 'declined', accepted: false },
  { status: 'declined', accepted: true },
]
const reports: readonly RefundReport[] = ['pending', 'succeeded', 'failed', 'refused']

const nameOf = (state: RefundState) => (state.status === 'declined' && state.accepted ? 'failed' : state.status)

test('a payment is as refunded as its amount says', () => {
  expect([0, 1, 99, 100].map((refunded) => paymentStatus(100, refunded))).toEqual([
    'succeeded',
    'partially_refunded',
    'partially_refunded',
    'refunded',
  ])
})

test('every state answers every report as the table says', () => {
  const table = states.map((state) => [
    nameOf(state),
    reports
      .map((report) => nextRefundState(state, report))
      .map(({ to, effect }) => `${effect}:${nameOf(to)}`)
      .join(' '),
  ])
  // pending, succeeded, failed, refused; declined was never accepted by the provider, failed was
  expect(Object.fromEntries(table)).toEqual({
    submitted: 'move:pending post:succeeded move:failed move:declined',
    pending: 'stay:pending post:succeeded move:failed stay:pending',
    succeeded: 'stay:succeeded stay:succeeded reverse:failed stay:succeeded',
    declined: 'move:pending post:succeeded move:failed stay:declined',
    failed: 'stay:failed stay:failed stay:failed stay:failed',
  })
})

test('L5: whatever the order of reports, a refund is posted at most once and reversed at most once, after it', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...reports), { maxLength: 30 }), (sequence) => {
      let state: RefundState = { status: 'submitted' }
      const effects: string[] = []
      for (const report of sequence) {
        const { to, effect } = nextRefundState(state, report)
        if (effect === 'stay') expect(to).toBe(state)
        if (effect === 'post' || effect === 'reverse') effects.push(effect)
        state = to
      }
      expect(['', 'post', 'post reverse']).toContain(effects.join(' '))
      expect(state.status === 'succeeded').toBe(effects.join(' ') === 'post')
    }),
  )
})
