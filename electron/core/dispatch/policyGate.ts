import type { Policy } from '../../../shared/contract/policies'
import { formatMoney, type Money } from '../../../shared/domain/money'
import { convertRatio, type Ratio } from '../../../shared/domain/ratio'

export type PolicyDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'ask'; readonly policyId: string; readonly why: string }
  | { readonly kind: 'refuse'; readonly policyId: string; readonly why: string }

/** Exchange rate from one currency to another as an exact ratio; null when none is stored. */
export type RateLookup = (from: string, to: string) => Ratio | null

/**
 * Rounds an amount up to two significant digits of its minor units (923,412 -> 930,000), so that a converted limit is a round figure.
 * Amounts are positive.
 */
export function roundUpToTwoDigits(minor: number): number {
  const step = 10 ** Math.max(0, String(minor).length - 2)
  return Math.ceil(minor / step) * step
}

/**
 * Whether a rule stops a command. A limit is compared in the business's base currency: the rule's amount at the stored rate, rounded
 * up to two digits, against the command's amount at the stored rate. Where a rate is missing or the command states no amount, the rule applies.
 */
export function decideByPolicy(
  policy: Policy | null,
  amount: Money | null,
  base: string | null,
  rateOf: RateLookup,
): PolicyDecision {
  if (policy === null || policy.decision === 'allow') return { kind: 'allow' }
  const verdict = { kind: policy.decision, policyId: policy.id } as const
  const verb = policy.decision === 'ask' ? 'asks' : 'is refused'
  if (policy.over === null) return { ...verdict, why: `Your rule: this always ${verb}.` }
  if (amount === null)
    return { ...verdict, why: `Your rule: over ${formatMoney(policy.over)} ${verb}, and this action states no amount.` }
  const home = base ?? policy.over.currency
  const limit = inBase(policy.over, home, rateOf, true)
  const value = inBase(amount, home, rateOf, false)
  if (limit === 'too_large' || value === 'too_large') {
    return {
      ...verdict,
      why: `Your rule: over ${formatMoney(policy.over)} ${verb}. At the stored rate this cannot be stated exactly in ${home}, so it ${verb}.`,
    }
  }
  if (limit === null || value === null) {
    const missing = limit === null ? policy.over.currency : amount.currency
    return {
      ...verdict,
      why: `Your rule: over ${formatMoney(policy.over)} ${verb}. No exchange rate between ${missing} and ${home} is stored, so this ${verb} whatever the amount.`,
    }
  }
  if (value <= limit) return { kind: 'allow' }
  return { ...verdict, why: `Your rule: over ${formatMoney({ minor: limit, currency: home })} ${verb}.` }
}

function inBase(amount: Money, base: string, rateOf: RateLookup, roundUp: boolean): number | null | 'too_large' {
  if (amount.currency === base) return amount.minor
  const rate = rateOf(amount.currency, base)
  if (rate === null) return null
  try {
    const converted = convertRatio(amount, base, rate)
    return roundUp ? roundUpToTwoDigits(converted) : converted
  } catch (error) {
    if (error instanceof RangeError) return 'too_large'
    throw error
  }
}
