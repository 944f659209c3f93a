import { z } from 'zod'
import { id, textLine } from '../domain/ids'
import { money } from '../domain/money'
import { command, page, pageOf, query } from './procedure'

/** What a person needs to decide: who, what, how much, to whom, before and after, and whether it can be undone. */
export const approvalFacts = z.object({
  businessId: id.nullable(),
  /** One sentence: what will happen. */
  what: z.string(),
  amount: money.nullable(),
  /** Id of who receives it (a customer, an account), never a name. */
  payee: z.string().nullable(),
  /** Id of the record that it changes (a payment, an invoice), where the command names one. */
  about: id.nullable(),
  before: z.record(z.string(), z.string()),
  after: z.record(z.string(), z.string()),
  undo: z.enum(['yes', 'by_reversal', 'no']),
  /** Which rule asked, in words. */
  why: z.string(),
})
export type ApprovalFacts = z.infer<typeof approvalFacts>

/** What a decision takes beyond the press of a key. */
export const approvalDemands = z.object({
  /** Asks for step-up before it can be approved. */
  stepUp: z.boolean(),
  /** Cannot be approved before this instant; null: at once. */
  notBefore: z.int().nullable(),
  /** Wants a second approver besides the one who asked; a solo owner is told that this is a brake, not dual control. */
  secondApprover: z.boolean(),
  /** Who approved so far, where two are wanted. */
  approvedBy: z.array(z.string()),
})

export const approvalStatuses = ['pending', 'approved', 'denied', 'expired', 'stale', 'failed'] as const

export const approval = z.object({
  id,
  procedure: z.string(),
  askedBy: z.string(),
  facts: approvalFacts,
  digest: z.string(),
  demands: approvalDemands,
  /** The plan that this is a step of, and its place in it; null for a single request. */
  plan: z.object({ id, title: z.string(), step: z.int(), steps: z.int() }).nullable(),
  /** Fields of the input that `editAndApprove` may change, with their present values; empty where none may be. */
  editable: z.array(z.object({ field: z.string(), kind: z.enum(['money', 'text', 'date']), value: z.unknown() })),
  status: z.enum(approvalStatuses),
  createdAt: z.int(),
  expiresAt: z.int(),
  decidedAt: z.int().nullable(),
  note: z.string().nullable(),
  /** Why it went stale or failed; null otherwise. */
  problem: z.string().nullable(),
})
export type Approval = z.infer<typeof approval>

export const approvals = {
  'approvals.editAndApprove': command({
    summary: 'Approve with changes: the edited request is parsed and judged anew, and runs in place of what was asked',
    input: {
      approvalId: id,
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      changes: z.record(z.string().max(100), z.unknown()),
      note: textLine(500).optional(),
    },
    output: approval,
    scope: 'approvals:decide',
    secretInput: ['changes'],
    parkable: false,
  }),
  'approvals.propose': command({
    summary: 'Ask for several commands as one plan; each waits as a step and runs in order once approved',
    input: {
      title: textLine(200),
      steps: z
        .array(z.strictObject({ procedure: z.string().max(100), input: z.record(z.string(), z.unknown()) }))
        .min(1)
        .max(50),
    },
    output: z.object({ planId: id, approvalIds: z.array(id) }),
    scope: 'approvals:read',
    secretInput: ['steps'],
    parkable: false,
  }),
  'approvals.decidePlan': command({
    summary: 'Approve or deny every step of a plan that is still pending, in order; it stops at the first that fails',
    input: {
      planId: id,
      /** Digest over the digests of its pending steps, in order: SHA-256 of their concatenation in hex. */
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      decision: z.enum(['approve', 'deny']),
      note: textLine(500).optional(),
    },
    output: z.object({ items: z.array(approval) }),
    scope: 'approvals:decide',
    parkable: false,
  }),
  'approvals.list': query({
    summary: 'Commands that wait for a decision, and decided ones; oldest pending first',
    input: {
      businessId: id.optional(),
      status: z.enum(approvalStatuses).optional(),
      /** Only those that change this record. */
      about: id.optional(),
      ...page,
    },
    output: pageOf(approval),
    scope: 'approvals:read',
  }),
  'approvals.decide': command({
    summary: 'Approve or deny exactly what the digest names',
    input: {
      approvalId: id,
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      decision: z.enum(['approve', 'deny']),
      note: textLine(500).optional(),
    },
    output: approval,
    scope: 'approvals:decide',
    parkable: false,
  }),
} as const
