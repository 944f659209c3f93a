import type { Money } from '../../../shared/domain/money'
import { inBase, limitInBase } from './inBase'
import type { History, Subject } from './subject'

/** How a limit came out. What cannot be compared counts as passed: a gate that cannot tell holds back. */
export type LimitReason =
  | { readonly kind: 'passed'; readonly limit: Money }
  | { readonly kind: 'no_amount' }
  | { readonly kind: 'no_rate'; readonly from: string; readonly to: string }
  | { readonly kind: 'too_large'; readonly currency: string }
  /** Of several amounts that count, one has no value in this currency. */
  | { readonly kind: 'unstated'; readonly currency: string }

/**
 * Whether a command states more than a limit. Both are compared in the business's base currency at the stored rate.
 * @returns why the limit counts as passed; null when it is kept
 */
export function overLimit(limit: Money, { amount, base }: Subject, { rateOf }: History): LimitReason | null {
  if (amount === null) return { kind: 'no_amount' }
  const home = base ?? limit.currency
  const most = limitInBase(limit, home, rateOf)
  const value = inBase(amount, home, rateOf)
  if (most === 'too_large' || value === 'too_large') return { kind: 'too_large', currency: home }
  if (most === 'no_rate') return { kind: 'no_rate', from: limit.currency, to: home }
  if (value === 'no_rate') return { kind: 'no_rate', from: amount.currency, to: home }
  return value > most ? { kind: 'passed', limit: { minor: most, currency: home } } : null
}
