import type { Policy } from '../../../shared/contract/policies'
import { weekdayOf } from '../../../shared/domain/localTime'
import { dailySum } from './dailySum'
import { type Demands, uniteDemands } from './demands'
import { type LimitReason, overLimit } from './overLimit'
import { kinOf } from './paysOut'
import { ruledAs } from './ruledAs'
import { whyStopped } from './ruleWords'
import { splitPayments } from './splitPayments'
import type { History, Subject } from './subject'
import { withinHours } from './withinHours'

/** A rule as the gate looks at it. */
export type Rule = Pick<Policy, 'id' | 'procedure' | 'decision' | 'over' | 'when' | 'demands'>

/** A rule that stops a command, and why, in words. */
export interface Stop {
  readonly rule: Rule
  readonly why: string
}

/** At least one. */
type Stops = readonly [Stop, ...Stop[]]

export type Verdict =
  | { readonly kind: 'allow' }
  | { readonly kind: 'ask'; readonly stops: Stops; readonly why: string; readonly demands: Demands }
  | { readonly kind: 'refuse'; readonly stops: Stops; readonly why: string }

/**
 * What the rules say of a command: every rule that applies is looked at and the strictest wins. Where several ask, their demands are
 * united; approving waives exactly those that are named here.
 * @param rules those in force for the command's procedure and business
 */
export function judgeByRules(rules: readonly Rule[], subject: Subject, history: History): Verdict {
  const stops = rules.flatMap((rule) => {
    const why = rule.decision === 'allow' ? null : stoppedBy(rule, subject, history)
    return why === null ? [] : [{ rule, why }]
  })
  const refusing = stops.filter(({ rule }) => rule.decision === 'refuse')
  if (isSome(refusing)) return { kind: 'refuse', stops: refusing, why: inOne(refusing) }
  if (!isSome(stops)) return { kind: 'allow' }
  return { kind: 'ask', stops, why: inOne(stops), demands: uniteDemands(stops.map(({ rule }) => rule.demands)) }
}

function isSome(stops: readonly Stop[]): stops is Stops {
  return stops.length > 0
}

function inOne(stops: readonly Stop[]): string {
  return [...new Set(stops.map(({ why }) => why))].join(' ')
}

/** Why a rule applies to a command, in words; null when one of its conditions does not hold. */
function stoppedBy(rule: Rule, subject: Subject, history: History): string | null {
  if (rule.procedure === '*' ? subject.amount === null : !ruledAs(subject.procedure).includes(rule.procedure)) return null
  if (!plainConditionsHold(rule, subject)) return null
  const { when, over } = rule
  if (when.changedPayee && (subject.payee === null || !history.inQuarantine())) return null
  if (when.newPayee && (subject.payee === null || history.paidBefore(kinOf(subject.procedure)))) return null
  const overReason = over === null ? null : limitOf(rule, over, subject, history)
  if (over !== null && overReason === null) return null
  const dayReason = when.dailySumOver === undefined ? null : dailySum(when.dailySumOver, subject, history)
  if (when.dailySumOver !== undefined && dayReason === null) return null
  return whyStopped(rule, { over: overReason, day: dayReason })
}

/** The conditions that need nothing but the command itself. */
function plainConditionsHold({ when }: Rule, { payee, amount, actor, local, sensitive }: Subject): boolean {
  if (when.payees !== undefined && (payee === null || !when.payees.includes(payee))) return false
  if (when.currencies !== undefined && (amount === null || !when.currencies.includes(amount.currency))) return false
  if (when.actors !== undefined && (actor === null || !when.actors.includes(actor))) return false
  if (when.hours !== undefined && !withinHours(local.minute, when.hours)) return false
  if (when.weekdays !== undefined && !when.weekdays.includes(weekdayOf(local.date))) return false
  return !when.sensitive || sensitive
}

function limitOf(rule: Rule, over: NonNullable<Rule['over']>, subject: Subject, history: History): LimitReason | null {
  const hours = rule.when.splitWithinHours
  if (hours === undefined) return overLimit(over, subject, history)
  const procedures = rule.procedure === '*' ? kinOf(subject.procedure) : [rule.procedure]
  return splitPayments({ over, hours, procedures }, subject, history)
}
