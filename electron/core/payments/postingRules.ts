import { divideHalfAwayFromZero, toSafeInteger } from '../../../shared/domain/decimal'
import { allocate, type Money, sumMinor } from '../../../shared/domain/money'
import { accounts, type InvoiceComponent, type Posting } from '../invoicing/index'

/** What a payment came to in the provider's balance. */
export interface Settlement {
  readonly fee: Money
  /** What reached the balance after the fee. */
  readonly net: Money
}

function posting(account: string, minor: number, currency: string): Posting {
  return { account, amount: { minor, currency } }
}

function withoutZeros(postings: readonly Posting[]): Posting[] {
  return postings.filter(({ amount }) => amount.minor !== 0)
}

/** Money arrives: the provider holds it, the customer no longer owes it. */
export function paymentReceived(amount: Money): Posting[] {
  const { minor, currency } = amount
  return [posting(accounts.balance, minor, currency), posting(accounts.receivable, -minor, currency)]
}

/** `total x part / whole`, rounded half away from zero: what a part of a payment is in the balance's currency. */
export function shareOfBalance(total: number, part: number, whole: number): number {
  return toSafeInteger(divideHalfAwayFromZero(BigInt(total) * BigInt(part), BigInt(whole)))
}

/** Exchanges an amount that the provider holds: through equity:conversion, so that each currency sums to zero by itself. */
function exchanged(from: Money, to: Money): Posting[] {
  return [
    posting(accounts.balance, -from.minor, from.currency),
    posting(accounts.conversion, from.minor, from.currency),
    posting(accounts.conversion, -to.minor, to.currency),
    posting(accounts.balance, to.minor, to.currency),
  ]
}

/**
 * The provider tells what it kept. Where its balance is in another currency, what it still holds of the payment is exchanged first.
 * @param refunded minor units of the payment that were given back before this was known; they left the balance unexchanged
 * @returns no postings when nothing was kept and nothing is exchanged
 */
export function feeKnown(amount: Money, refunded: number, settlement: Settlement): Posting[] {
  const { fee, net } = settlement
  const gross = sumMinor([net.minor, fee.minor])
  const exchange =
    net.currency === amount.currency
      ? []
      : exchanged(
          { minor: amount.minor - refunded, currency: amount.currency },
          { minor: gross - shareOfBalance(gross, refunded, amount.minor), currency: net.currency },
        )
  return withoutZeros([
    ...exchange,
    posting(accounts.fees, fee.minor, fee.currency),
    posting(accounts.balance, -fee.minor, fee.currency),
  ])
}

/** A component of an invoice with what earlier refunds took of it. */
export interface ComponentLeft extends InvoiceComponent {
  readonly left: number
}

/** Pairs two lists of the same length. */
function zip<A, B>(left: readonly A[], right: readonly B[]): [A, B][] {
  return left.map((item, index) => [item, right[index] as B])
}

/**
 * Splits a refund over what the invoice was made of: in proportion to the original components by largest remainder, never more than is
 * left of a component (what it cannot give is split over the others alike); the refund of all that is left takes exactly that.
 * @param amount minor units, at most the sum of what is left
 * @returns one part per component, summing to `amount`
 */
export function splitRefund(amount: number, components: readonly ComponentLeft[]): number[] {
  const total = sumMinor(components.map(({ left }) => left))
  if (amount > total) throw new RangeError('A refund cannot take more than is left of its invoice')
  if (amount === total) return components.map(({ left }) => left)
  const emptied = new Set<ComponentLeft>()
  for (;;) {
    const given = sumMinor([...emptied].map(({ left }) => left))
    const weights = components.map((component) => (emptied.has(component) ? 0 : component.minor))
    const parts = zip(components, allocate(amount - given, weights))
    const before = emptied.size
    for (const [component, part] of parts) if (part > component.left) emptied.add(component)
    if (emptied.size === before) return parts.map(([component, part]) => (emptied.has(component) ? component.left : part))
  }
}

/** A refund as it is split: over the invoice's components, and the rest of what was paid beyond the invoice's total. */
export interface RefundSplit {
  readonly shares: readonly InvoiceComponent[]
  readonly overpaid: number
}

/**
 * What a refund gives back: first what was paid beyond the invoice's total, then revenue and tax in proportion.
 * @param overpaidLeft minor units paid beyond the total and not given back yet
 */
export function refundSplit(amount: number, overpaidLeft: number, components: readonly ComponentLeft[]): RefundSplit {
  const overpaid = Math.min(amount, overpaidLeft)
  const parts = splitRefund(amount - overpaid, components)
  const shares = zip(components, parts).map(([{ account }, minor]) => ({ account, minor }))
  return { shares: shares.filter(({ minor }) => minor > 0), overpaid }
}

/**
 * A refund is done: revenue and tax shrink, the money leaves the provider's balance. What the provider keeps of the payment (its fee)
 * stays an expense.
 * @param leaves what leaves the balance, where that is kept in another currency than the payment; null when it is the same
 */
export function refundPaid(currency: string, { shares, overpaid }: RefundSplit, leaves: Money | null): Posting[] {
  const total = sumMinor([overpaid, ...shares.map(({ minor }) => minor)])
  const out =
    leaves === null
      ? [posting(accounts.balance, -total, currency)]
      : [
          posting(accounts.conversion, -total, currency),
          posting(accounts.conversion, leaves.minor, leaves.currency),
          posting(accounts.balance, -leaves.minor, leaves.currency),
        ]
  return withoutZeros([
    ...shares.map(({ account, minor }) => posting(account, minor, currency)),
    posting(accounts.receivable, overpaid, currency),
    ...out,
  ])
}

/** What the provider charged for the refund itself. */
export function refundFeeKnown(fee: Money): Posting[] {
  return withoutZeros([posting(accounts.fees, fee.minor, fee.currency), posting(accounts.balance, -fee.minor, fee.currency)])
}
