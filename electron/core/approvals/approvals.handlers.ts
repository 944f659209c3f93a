import { z } from 'zod'
import type { Approval } from '../../../shared/contract/approvals'
import type { Output, Parsed } from '../../../shared/contract/index'
import type { ReadDb } from '../db/connection'
import { offsetPage } from '../db/offsetPage'
import type { CommandContext, Handlers, TaskContext } from '../dispatch/handler'
import { listApprovals, type ParkedCommand, readParked } from './approvals.repository'

/** How dispatch decides; handed in, since dispatch stands above the approvals. */
export interface ApprovalsDeps {
  readonly decide: (context: TaskContext, input: Parsed<'approvals.decide'>) => Promise<Approval>
  readonly editAndApprove: (context: TaskContext, input: Parsed<'approvals.editAndApprove'>) => Promise<Approval>
  readonly propose: (context: CommandContext, input: Parsed<'approvals.propose'>) => Output<'approvals.propose'>
  readonly decidePlan: (context: TaskContext, input: Parsed<'approvals.decidePlan'>) => Promise<Approval[]>
  /** The card of a parked command, with what may be edited. */
  readonly cardOf: (parked: ParkedCommand) => Approval
  /** Refuses a business that does not exist. */
  readonly assertBusiness: (db: ReadDb, businessId: string) => void
}

type ApprovalProcedures =
  | 'approvals.list'
  | 'approvals.decide'
  | 'approvals.editAndApprove'
  | 'approvals.propose'
  | 'approvals.decidePlan'

/** The handlers of `approvals.*`. */
export function approvalHandlers(deps: ApprovalsDeps): Handlers<ApprovalProcedures> {
  const restore = (db: ReadDb, id: unknown) => readParked(db, z.string().parse(id), 0).approval
  return {
    'approvals.list': (context, input) => {
      if (input.businessId !== undefined) deps.assertBusiness(context.db, input.businessId)
      const { businessId, status, about } = input
      const { now } = context
      return offsetPage(input, (offset, limit) =>
        listApprovals(context.db, { businessId, status, about, offset, limit, now }).map(deps.cardOf),
      )
    },
    'approvals.decide': {
      task: (context, input) => deps.decide(context, input),
      recall: { keep: (approval) => approval.id, restore },
    },
    'approvals.editAndApprove': {
      task: (context, input) => deps.editAndApprove(context, input),
      recall: { keep: (approval) => approval.id, restore },
    },
    'approvals.propose': { run: (context, input) => deps.propose(context, input) },
    'approvals.decidePlan': {
      task: async (context, input) => ({ items: await deps.decidePlan(context, input) }),
      recall: {
        keep: ({ items }) => items.map(({ id }) => id),
        restore: (db, ids) => ({
          items: z
            .array(z.string())
            .parse(ids)
            .map((id) => restore(db, id)),
        }),
      },
    },
  }
}
