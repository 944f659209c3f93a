import { contract, isProcedureName } from '../../../shared/contract/index'
import type { Policy } from '../../../shared/contract/policies'
import { formatMoney, type Money } from '../../../shared/domain/money'
import type { LimitReason } from './overLimit'

/** The parts of a rule that its words are made of. */
export type RuleParts = Pick<Policy, 'procedure' | 'decision' | 'over' | 'when' | 'demands'>

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const actorNames = {
  owner: 'you',
  tokens: 'an access token',
  helpers: 'a helper',
  schedules: 'a schedule',
  assistant: 'the assistant',
} as const

function listed(words: readonly string[], joint: 'or' | 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`
}

function hoursOf(count: number): string {
  return count === 1 ? '1 hour' : `${count} hours`
}

/** The conditions of a rule, such as `over USD 100.00, to someone new, on Sunday`; empty when it always applies. */
function clauseOf({ over, when }: RuleParts, limits: { readonly over?: Money; readonly day?: Money }): string {
  const most = limits.over ?? over
  const day = limits.day ?? when.dailySumOver
  const parts: string[] = []
  if (most !== null && when.splitWithinHours === undefined) parts.push(`over ${formatMoney(most)}`)
  if (most !== null && when.splitWithinHours !== undefined) {
    parts.push(`when several amounts to one payee within ${hoursOf(when.splitWithinHours)} pass ${formatMoney(most)} together`)
  }
  if (day !== undefined) parts.push(`when the sum of the day passes ${formatMoney(day)}`)
  if (when.payees !== undefined) {
    parts.push(when.payees.length === 1 ? 'to one payee of your choice' : `to one of ${when.payees.length} payees of your choice`)
  }
  if (when.newPayee) parts.push('to someone new')
  if (when.changedPayee) parts.push('to a payee whose details changed lately')
  if (when.currencies !== undefined) parts.push(`in ${listed([...when.currencies].sort(), 'or')}`)
  if (when.sensitive) parts.push('on a sensitive item')
  if (when.actors !== undefined) {
    const known = Object.keys(actorNames) as (keyof typeof actorNames)[]
    const named = known.filter((actor) => when.actors?.includes(actor)).map((actor) => actorNames[actor])
    parts.push(`when it comes from ${listed(named, 'or')}`)
  }
  if (when.hours !== undefined) parts.push(`between ${when.hours.from} and ${when.hours.to}`)
  if (when.weekdays !== undefined) {
    parts.push(
      `on ${listed(
        dayNames.filter((_, index) => when.weekdays?.includes(index + 1)),
        'or',
      )}`,
    )
  }
  return parts.join(', ')
}

function demandsOf({ decision, demands }: RuleParts): string {
  if (decision !== 'ask') return ''
  const takes: string[] = []
  if (demands.stepUp) takes.push('a new proof that it is you')
  if (demands.coolingMinutes !== undefined) {
    takes.push(demands.coolingMinutes === 1 ? '1 minute of waiting' : `${demands.coolingMinutes} minutes of waiting`)
  }
  if (demands.secondApprover) takes.push('two approvers')
  const approving = takes.length === 0 ? '' : ` Approving takes ${listed(takes, 'and')}.`
  const timeout =
    demands.timeoutHours === undefined ? '' : ` After ${hoursOf(demands.timeoutHours)} without a decision it counts as denied.`
  return approving + timeout
}

/** What a command does, as its contract begins to say it: "Refund a payment". */
function deedOf(procedure: string): string {
  if (procedure === '*') return 'Every step that states an amount'
  if (!isProcedureName(procedure)) return procedure
  return contract[procedure].summary.replace(/[;:,].*$/s, '')
}

/** The whole rule in a sentence or two, the same words for the same rule. */
export function ruleSentence(rule: RuleParts): string {
  const clause = clauseOf(rule, {})
  const always = clause === ''
  const verb = {
    ask: always ? 'always asks first' : 'asks first',
    refuse: always ? 'is always refused' : 'is refused',
    allow: 'runs without asking',
  }[rule.decision]
  return `${deedOf(rule.procedure)}: ${verb}${always ? '' : ` ${clause}`}.${demandsOf(rule)}`
}

/** Why a rule stops a command, in words for its card or its refusal. */
export function whyStopped(
  rule: RuleParts,
  reasons: { readonly over: LimitReason | null; readonly day: LimitReason | null },
): string {
  const verb = rule.decision === 'ask' ? 'asks' : 'is refused'
  const clause = clauseOf(rule, {
    ...(reasons.over?.kind === 'passed' ? { over: reasons.over.limit } : {}),
    ...(reasons.day?.kind === 'passed' ? { day: reasons.day.limit } : {}),
  })
  if (clause === '') return `Your rule: this always ${verb}.`
  const given = [reasons.over, reasons.day].filter((reason) => reason !== null)
  const amountless = given.some(({ kind }) => kind === 'no_amount') ? ', and this action states no amount' : ''
  const asides = new Set(given.map((reason) => asideOf(reason, verb)))
  return `Your rule: ${clause} ${verb}${amountless}.${[...asides].join('')}`
}

function asideOf(reason: LimitReason, verb: string): string {
  switch (reason.kind) {
    case 'no_rate':
      return ` No exchange rate between ${reason.from} and ${reason.to} is stored, by the owner or for a day, so this ${verb} whatever the amount.`
    case 'too_large':
      return ` At the stored rate this cannot be stated exactly in ${reason.currency}, so it ${verb}.`
    case 'unstated':
      return ` Not every amount that counts can be stated in ${reason.currency}, so this ${verb}.`
    default:
      return ''
  }
}
