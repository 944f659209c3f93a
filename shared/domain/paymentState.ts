export type PaymentStatus = 'succeeded' | 'partially_refunded' | 'refunded'

/** How far a payment has been given back. Amounts are minor units of one currency. */
export function paymentStatus(amount: number, refunded: number): PaymentStatus {
  if (refunded === 0) return 'succeeded'
  return refunded < amount ? 'partially_refunded' : 'refunded'
}

/**
 * Where a refund stands. `submitted`: on its way to the provider. `pending`: accepted there, not final. `succeeded` can still fail later
 * (a bank sends the money back). `declined`: `accepted` tells whether the provider ever took it.
 */
export type RefundState =
  | { readonly status: 'submitted' }
  | { readonly status: 'pending' }
  | { readonly status: 'succeeded' }
  | { readonly status: 'declined'; readonly accepted: boolean }

/** What the provider says of a refund; `refused` is its answer to the request itself. */
export type RefundReport = 'pending' | 'succeeded' | 'failed' | 'refused'

/** `post`: the money went back, the ledger must say so. `reverse`: it came back after all. `stay`: late or repeated, nothing changes. */
export interface RefundTransition {
  readonly to: RefundState
  readonly effect: 'stay' | 'move' | 'post' | 'reverse'
}

/**
 * The one state machine of refunds: submitted -> pending -> succeeded -> declined, each step at most once and never back.
 * A refund counted as refused that the provider nevertheless carried out is taken as done: the provider is the truth about money.
 */
export function nextRefundState(state: RefundState, report: RefundReport): RefundTransition {
  const stay: RefundTransition = { to: state, effect: 'stay' }
  const refusedByUs = state.status === 'declined' && !state.accepted
  const underWay = state.status === 'submitted' || state.status === 'pending' || refusedByUs
  switch (report) {
    case 'pending':
      return state.status === 'submitted' || refusedByUs ? { to: { status: 'pending' }, effect: 'move' } : stay
    case 'succeeded':
      return underWay ? { to: { status: 'succeeded' }, effect: 'post' } : stay
    case 'failed':
      if (state.status === 'succeeded') return { to: { status: 'declined', accepted: true }, effect: 'reverse' }
      return underWay ? { to: { status: 'declined', accepted: true }, effect: 'move' } : stay
    case 'refused':
      return state.status === 'submitted' ? { to: { status: 'declined', accepted: false }, effect: 'move' } : stay
  }
}
