import type { Approval } from '../../../shared/contract/approvals'
import type { Parsed } from '../../../shared/contract/index'
import { isProcedureName, procedureOf } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { offsetPage } from '../db/offsetPage'
import type { Handlers, TaskContext } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { listApprovals } from './approvals.repository'
import { listPolicies, replacePolicy } from './policies.repository'

export interface ApprovalsDeps {
  readonly decide: (context: TaskContext, input: Parsed<'approvals.decide'>) => Promise<Approval>
  /** Refuses a business that does not exist. */
  readonly assertBusiness: (db: TaskContext['database']['read'], businessId: string) => void
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
    'approvals.decide': { task: (context, input) => deps.decide(context, input) },
    'policies.list': (context, input) => {
      if (input.businessId !== undefined) deps.assertBusiness(context.db, input.businessId)
      return offsetPage(input, (offset, limit) => listPolicies(context.db, { businessId: input.businessId, offset, limit }))
    },
    'policies.set': {
      run: (context, input) => {
        if (input.businessId !== undefined) deps.assertBusiness(context.db, input.businessId)
        const procedure = isProcedureName(input.procedure) ? procedureOf(input.procedure) : null
        if (procedure?.kind !== 'command' || !procedure.parkable) {
          throw new AppError(
            'invalid_input',
            'No rule was set: "procedure" must name a command that can wait for an approval, such as payments.requestRefund.',
          )
        }
        if (input.procedure === 'policies.set' && input.decision === 'refuse') {
          throw new AppError(
            'invalid_input',
            'No rule was set: refusing every change of rules could never be taken back. Use "ask" instead.',
          )
        }
        const policy = {
          id: newId('pol', context.now),
          businessId: input.businessId ?? null,
          procedure: input.procedure,
          decision: input.decision,
          over: input.over ?? null,
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
