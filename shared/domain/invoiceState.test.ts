import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type InvoiceEvent, type InvoiceState, isOverdue, nextInvoiceState } from './invoiceState'

const states: readonly InvoiceState[] = [
  { status: 'draft' },
  { status: 'sending' },
  { status: 'open', voiding: false },
  { status: 'open', voiding: true },
  { status: 'uncollectible', voiding: false },
  { status: 'uncollectible', voiding: true },
  { status: 'paid' },
  { status: 'void' },
]
const events: readonly InvoiceEvent[] = [
  'send',
  'discard',
  'requestVoid',
  'withdraw',
  'issued',
  'sendDeclined',
  'voided',
  'voidDeclined',
  'paid',
  'writtenOff',
]

const nameOf = (state: InvoiceState) => `${state.status}${'voiding' in state && state.voiding ? '*' : ''}`

test('every state answers every event as the table says', () => {
  const table = states.map((state) => [
    nameOf(state),
    events
      .map((event) => {
        const transition = nextInvoiceState(state, event)
        return transition.kind === 'move' ? nameOf(transition.to) : transition.kind
      })
      .join(' '),
  ])
  // send, discard, requestVoid, withdraw, issued, sendDeclined, voided, voidDeclined, paid, writtenOff; * is a void on its way
  expect(Object.fromEntries(table)).toEqual({
    draft: 'sending void refuse refuse stay stay stay stay stay stay',
    sending: 'refuse refuse refuse void open void stay stay stay stay',
    open: 'refuse open* open* open* stay stay void stay paid uncollectible',
    'open*': 'refuse refuse refuse refuse stay stay void open paid uncollectible*',
    uncollectible: 'refuse uncollectible* uncollectible* uncollectible* stay stay void stay paid stay',
    'uncollectible*': 'refuse refuse refuse refuse stay stay void uncollectible paid stay',
    paid: 'refuse refuse refuse refuse stay stay stay stay stay stay',
    void: 'refuse refuse refuse refuse stay stay stay stay stay stay',
  })
})

test('refusals are sentences', () => {
  for (const state of states) {
    for (const event of events) {
      const transition = nextInvoiceState(state, event)
      if (transition.kind === 'refuse') expect(transition.why).toMatch(/^[A-Z].*\.$/)
    }
  }
})

test('no order of reports brings an invoice back to an earlier state', () => {
  const rank = { draft: 0, sending: 1, open: 2, uncollectible: 3, paid: 4, void: 4 }
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 50 }), (sequence) => {
      let state: InvoiceState = { status: 'draft' }
      for (const event of sequence) {
        const transition = nextInvoiceState(state, event)
        if (transition.kind !== 'move') continue
        expect(rank[transition.to.status]).toBeGreaterThanOrEqual(rank[state.status])
        state = transition.to
      }
    }),
  )
})

test('overdue means open and past the due date', () => {
  expect(isOverdue('open', '2026-01-31', '2026-02-01')).toBe(true)
  expect(isOverdue('open', '2026-01-31', '2026-01-31')).toBe(false)
  expect(isOverdue('paid', '2026-01-31', '2026-02-01')).toBe(false)
})
