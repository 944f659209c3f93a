import { z } from 'zod'
import { id } from '../domain/ids'
import { page, pageOf, query } from './procedure'

export const auditRow = z.object({
  seq: z.int(),
  at: z.int(),
  actor: z.string(),
  door: z.string(),
  procedure: z.string(),
  businessId: id.nullable(),
  outcome: z.string(),
  /** Ids, field names, amounts and keyed digests; never personal data. */
  details: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
export type AuditRow = z.infer<typeof auditRow>

export const audit = {
  'audit.list': query({
    summary: 'Every action, newest first',
    input: {
      businessId: id.optional(),
      procedure: z.string().max(100).optional(),
      actor: z.string().max(100).optional(),
      query: z.string().max(200).optional(),
      ...page,
    },
    output: pageOf(auditRow),
    scope: 'audit:read',
  }),
  'audit.verify': query({
    summary: 'Recompute the chain, the tree and the signed heads, and hold them against the anchors',
    input: {},
    output: z.object({
      ok: z.boolean(),
      rows: z.int(),
      firstBad: z.object({ seq: z.int(), reason: z.string() }).optional(),
      heads: z.int(),
      anchored: z.object({ size: z.int(), at: z.int() }).nullable(),
    }),
    scope: 'audit:read',
  }),
} as const
