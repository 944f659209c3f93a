import { z } from 'zod'
import { id, textLine } from '../domain/ids'
import { money, positiveMoney } from '../domain/money'
import { command, page, pageOf, query } from './procedure'

/** What a person needs to decide: who, what, how much, to whom, before and after, and whether it can be undone. */
export const approvalFacts = z.object({
  businessId: id.nullable(),
  /** One sentence: what will happen. */
  what: z.string(),
  amount: money.nullable(),
  /** Id of who receives it (a customer, an account), never a name. */
  payee: z.string().nullable(),
  before: z.record(z.string(), z.string()),
  after: z.record(z.string(), z.string()),
  undo: z.enum(['yes', 'by_reversal', 'no']),
  /** Which rule asked, in words. */
  why: z.string(),
})
export type ApprovalFacts = z.infer<typeof approvalFacts>

export const approvalStatuses = ['pending', 'approved', 'denied', 'expired', 'stale', 'failed'] as const

export const approval = z.object({
  id,
  procedure: z.string(),
  askedBy: z.string(),
  facts: approvalFacts,
  digest: z.string(),
  status: z.enum(approvalStatuses),
  createdAt: z.int(),
  expiresAt: z.int(),
  decidedAt: z.int().nullable(),
  note: z.string().nullable(),
  /** Why it went stale or failed; null otherwise. */
  problem: z.string().nullable(),
})
export type Approval = z.infer<typeof approval>

export const policy = z.object({
  id,
  businessId: id.nullable(),
  procedure: z.string(),
  decision: z.enum(['allow', 'ask', 'refuse']),
  /** Applies only above this amount; null: always. */
  over: money.nullable(),
  createdAt: z.int(),
})
export type Policy = z.infer<typeof policy>

export const approvals = {
  'approvals.list': query({
    summary: 'Commands that wait for a decision, and decided ones; oldest pending first',
    input: { businessId: id.optional(), status: z.enum(approvalStatuses).optional(), ...page },
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

export const policies = {
  'policies.list': query({
    summary: 'Rules that make commands ask or refuse',
    input: { businessId: id.optional(), ...page },
    output: pageOf(policy),
    scope: 'policies:read',
  }),
  'policies.set': command({
    summary: 'Set the rule of one procedure; `over` limits it to larger amounts; `allow` removes the asking',
    input: {
      businessId: id.optional(),
      procedure: z.string().max(100),
      decision: z.enum(['allow', 'ask', 'refuse']),
      over: positiveMoney.optional(),
    },
    output: policy,
    scope: 'policies:write',
  }),
} as const
