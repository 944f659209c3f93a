import type { Money } from '../../../shared/domain/money'
import { inBase, limitInBase } from './inBase'
import type { LimitReason } from './overLimit'
import type { History, Subject } from './subject'

/**
 * Whether what a procedure did on the business's day, this command included, passes a limit.
 * @returns why it counts as passed; null when it is kept
 */
export function dailySum(limit: Money, { amount, base, procedure }: Subject, history: History): LimitReason | null {
  if (amount === null) return { kind: 'no_amount' }
  const home = base ?? limit.currency
  const most = limitInBase(limit, home, history.rateOf)
  const value = inBase(amount, home, history.rateOf)
  const done = history.doneToday(procedure)
  if (typeof most !== 'number' || typeof value !== 'number' || done === null) return { kind: 'unstated', currency: home }
  return done + BigInt(value) > BigInt(most) ? { kind: 'passed', limit: { minor: most, currency: home } } : null
}
