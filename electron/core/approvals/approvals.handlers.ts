import { z } from 'zod'
import type { Approval } from '../../../shared/contract/approvals'
import type { Parsed } from '../../../shared/contract/index'
import { isProcedureName, procedureOf } from '../../../shared/contract/index'
import type { Policy } from '../../../shared/contract/policies'
import { formatMoney } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import { offsetPage } from '../db/offsetPage'
import type { Handlers, TaskContext } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { listApprovals, readParked } from './approvals.repository'
import { listPolicies, policyInForce, replacePolicy } from './policies.repository'

export interface ApprovalsDeps {
  readonly decide: (context: TaskContext, input: Parsed<'approvals.decide'>) => Promise<Approval>
  /** Refuses a business that does not exist. */
  readonly assertBusiness: (db: TaskContext['database']['read'], businessId: string) => void
}

/** @throws AppError invalid_input */
function checkRule({ procedure: name, decision }: Parsed<'policies.set'>): void {
  const procedure = isProcedureName(name) ? procedureOf(name) : null
  if (procedure?.kind !== 'command' || !procedure.parkable) {
    throw new AppError(
      'invalid_input',
      'No rule was set: "procedure" must name a command that can wait for an approval, such as payments.requestRefund.',
    )
  }
  if (procedure.secretOutput && decision === 'ask') {
    throw new AppError(
      'invalid_input',
      'No rule was set: the answer of this command is a secret that only its caller sees, at once, so it cannot wait. Use "refuse" instead.',
    )
  }
  if (name === 'policies.set' && decision === 'refuse') {
    throw new AppError(
      'invalid_input',
      'No rule was set: refusing every change of rules could never be taken back. Use "ask" instead.',
    )
  }
}

function inWords(decision: Policy['decision'], over: Policy['over']): string {
  return over === null ? decision : `${decision} over ${formatMoney(over)}`
}

export function approvalHandlers(
  deps: ApprovalsDeps,
): Handlers<'approvals.list' | 'approvals.decide' | 'policies.list' | 'policies.set'> {
  return {
    'approvals.list': (context, input) => {
      if (input.businessId !== undefined) deps.assertBusiness(context.db, input.businessId)
      return offsetPage(input, (offset, limit) =>
        listApprovals(context.db, { businessId: input.businessId, status: input.status, offset, limit, now: context.now }),
      )
    },
    'approvals.decide': {
      task: (context, input) => deps.decide(context, input),
      recall: { keep: (approval) => approval.id, restore: (db, id) => readParked(db, z.string().parse(id), 0).approval },
    },
    'policies.list': (context, input) => {
      if (input.businessId !== undefined) deps.assertBusiness(context.db, input.businessId)
      return offsetPage(input, (offset, limit) => listPolicies(context.db, { businessId: input.businessId, offset, limit }))
    },
    'policies.set': {
      facts: (db, input) => {
        checkRule(input)
        if (input.businessId !== undefined) deps.assertBusiness(db, input.businessId)
        const before = policyInForce(db, input.procedure, input.businessId ?? null)
        return {
          businessId: input.businessId ?? null,
          what: `Set the rule of ${input.procedure}: ${inWords(input.decision, input.over ?? null)}`,
          amount: null,
          payee: null,
          before: { rule: before === null ? 'none' : inWords(before.decision, before.over) },
          after: { rule: inWords(input.decision, input.over ?? null) },
          undo: 'yes',
        }
      },
      run: (context, input) => {
        checkRule(input)
        if (input.businessId !== undefined) deps.assertBusiness(context.db, input.businessId)
        const policy = {
          id: newId('pol', context.now),
          businessId: input.businessId ?? null,
          procedure: input.procedure,
          decision: input.decision,
          over: input.over ?? null,
          when: {},
          demands: {},
          sentence: '',
          createdAt: context.now,
        }
        replacePolicy(context.db, policy)
        context.note({
          policyId: policy.id,
          procedure: policy.procedure,
          decision: policy.decision,
          ...(policy.over ? { over: { ...policy.over } } : {}),
        })
        context.changed('policies')
        return policy
      },
    },
  }
}
