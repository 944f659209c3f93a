import { isProcedureName, procedureOf } from '../../../shared/contract/index'
import { isGovernable, type PolicyConditions, type PolicyDemands } from '../../../shared/contract/policies'
import { AppError } from '../../../shared/errors'
import { usualTimeoutHours } from './demands'
import type { RuleParts } from './ruleWords'
import { commandsWithAmount, commandsWithPayee } from './statedFacts'

/**
 * Refuses rules that could not work.
 * @throws AppError invalid_input that says why
 */
export function checkRule({ procedure, decision, over, when, demands }: RuleParts): void {
  if (procedure !== '*') checkProcedure(procedure, decision, when)
  checkConditions(when, over !== null)
  checkDemands(decision, demands)
}

/**
 * Refuses a rule that would never apply, since it would look like protection.
 * @throws AppError invalid_input that says why
 */
export function checkReach({ procedure, over, when }: RuleParts): void {
  if (procedure === '*') return
  const asksAmount = over !== null || when.dailySumOver !== undefined || when.currencies !== undefined
  if (asksAmount && !commandsWithAmount.has(procedure)) {
    refuse(`${procedure} states no amount, so a rule about amounts or currencies would never apply to it. Leave them out.`)
  }
  const asksPayee = when.payees !== undefined || when.newPayee === true || when.changedPayee === true
  if (asksPayee && !commandsWithPayee.has(procedure)) {
    refuse(`${procedure} names no payee, so a rule about payees would never apply to it. Leave them out.`)
  }
}

function refuse(why: string): never {
  throw new AppError('invalid_input', `No rule was set: ${why}`)
}

function checkProcedure(name: string, decision: RuleParts['decision'], when: PolicyConditions): void {
  const procedure = isProcedureName(name) ? procedureOf(name) : null
  if (procedure === null || !isGovernable(name, procedure)) {
    refuse('"procedure" must name a command that can wait for an approval, such as payments.requestRefund.')
  }
  if (!procedure.parkable && decision === 'ask') {
    refuse('this command cannot wait for an approval, since what it works on is gone by then. Use "refuse" instead.')
  }
  if (name === 'policies.set' && decision === 'refuse' && (when.actors === undefined || when.actors.includes('owner'))) {
    refuse('refusing every change of rules could never be taken back. Use "ask" instead.')
  }
}

function checkConditions(when: PolicyConditions, hasLimit: boolean): void {
  if (when.splitWithinHours !== undefined && !hasLimit) {
    refuse('"splitWithinHours" needs "over": the amount that the payments must not pass together.')
  }
  if (when.hours !== undefined && when.hours.from === when.hours.to) {
    refuse('"hours" begin and end at the same time. Leave them out for a rule that holds all day.')
  }
}

function checkDemands(decision: RuleParts['decision'], demands: PolicyDemands): void {
  if (decision !== 'ask' && Object.values(demands).some((demand) => demand !== undefined && demand !== false)) {
    refuse('"demands" say what approving takes, so they need the decision "ask".')
  }
  if ((demands.coolingMinutes ?? 0) >= (demands.timeoutHours ?? usualTimeoutHours) * 60) {
    refuse('"coolingMinutes" must end before "timeoutHours", or nothing could ever be approved.')
  }
}
