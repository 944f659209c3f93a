import type { Money } from '../../../shared/domain/money'
import { inBase, limitInBase } from './inBase'
import type { LimitReason } from './overLimit'
import type { History, Subject } from './subject'

/**
 * Whether a command is one of several to the same payee that pass a limit together though none does alone. An amount that passes it
 * alone is no part of a splitting, neither this one nor an earlier one.
 * @param procedures whose amounts count
 * @returns why it counts as split; null when it does not
 */
export function splitPayments(
  { over, hours, procedures }: { readonly over: Money; readonly hours: number; readonly procedures: readonly string[] },
  { amount, base, payee }: Subject,
  history: History,
): LimitReason | null {
  if (payee === null) return null
  if (amount === null) return { kind: 'no_amount' }
  const home = base ?? over.currency
  const most = limitInBase(over, home, history.rateOf)
  const value = inBase(amount, home, history.rateOf)
  if (typeof most !== 'number' || typeof value !== 'number') return { kind: 'unstated', currency: home }
  if (value > most) return null
  let sum = BigInt(value)
  for (const part of history.paidWithin(procedures, hours)) {
    if (part === null) return { kind: 'unstated', currency: home }
    if (part <= most) sum += BigInt(part)
  }
  return sum > BigInt(most) ? { kind: 'passed', limit: { minor: most, currency: home } } : null
}
