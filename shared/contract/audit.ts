import { z } from 'zod'
import { id, textLine } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

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

const filter = {
  businessId: id.optional(),
  procedure: z.string().max(100).optional(),
  actor: z.string().max(100).optional(),
  query: z.string().max(200).optional(),
  /** UTC epoch milliseconds; `to` is left out of the range. */
  from: z.int().optional(),
  to: z.int().optional(),
}

export const auditExportFormats = ['csv', 'jsonl'] as const

/** A place outside the database that keeps signed heads and refuses a smaller one. */
export const auditAnchor = z.object({
  id,
  kind: z.enum(['data_folder', 'app_folder', 'folder', 'keychain']),
  /** In the owner's words; no path. */
  name: z.string(),
  /** ok: it holds an older or the same head; ahead: it holds more rows than the log, so the log is an older copy; damaged, missing: it cannot be read. */
  state: z.enum(['ok', 'ahead', 'differs', 'damaged', 'missing']),
  size: z.int().nullable(),
  at: z.int().nullable(),
  problem: z.string().nullable(),
})
export type AuditAnchor = z.infer<typeof auditAnchor>

/** A place that knows other or later rows than a log which is right by itself, and the last head it holds. */
const laterPlace = z.object({ id, name: z.string(), size: z.int(), at: z.int() })

export const audit = {
  'audit.export': query({
    summary:
      'The log as a file, oldest first. Up to 1 MiB here; larger ones are streamed from GET /api/v1/audit/export. JSON lines hold all that the stand-alone verifier needs',
    input: { format: z.enum(auditExportFormats), ...filter },
    output: z.object({ fileName: z.string(), mediaType: z.string(), content: z.string() }),
    scope: 'audit:read',
  }),
  'audit.save': command({
    summary:
      'Write the log, or the whole accountant’s copy (log, heads, public key and the verifier), where a native dialog says',
    input: { format: z.enum([...auditExportFormats, 'accountant']), ...filter },
    output: z.object({ saved: z.boolean() }),
    scope: 'audit:read',
    doors: 'window',
    parkable: false,
  }),
  'audit.anchors': query({
    summary: 'The places that hold signed heads of the log, and what each holds now',
    input: {},
    output: z.object({ items: z.array(auditAnchor) }),
    scope: 'audit:read',
  }),
  'audit.addAnchor': command({
    summary: 'Keep the heads in one more folder, chosen in a native dialog',
    input: { name: textLine(60).optional() },
    output: z.object({ added: z.boolean(), items: z.array(auditAnchor) }),
    scope: 'audit:write',
    doors: 'window',
  }),
  'audit.removeAnchor': command({
    summary: 'Stop keeping heads in a place; what it holds stays there',
    input: { anchorId: id },
    output: z.object({ items: z.array(auditAnchor) }),
    scope: 'audit:write',
  }),
  'audit.carryHead': query({
    summary: 'The newest signed head as one line of text, for a file or a QR code to carry away',
    input: {},
    output: z.object({ text: z.string(), size: z.int(), at: z.int() }),
    scope: 'audit:read',
  }),
  'audit.checkHead': query({
    summary: 'Hold a carried head against the log: the log must extend it',
    input: { text: z.string().max(1000) },
    output: z.object({ ok: z.boolean(), message: z.string(), size: z.int().nullable(), at: z.int().nullable() }),
    scope: 'audit:read',
  }),
  'audit.list': query({
    summary: 'Every action, newest first',
    input: { ...filter, ...page },
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
      /** Not empty where the log is right by itself and older than what these places know: a copy was restored, on purpose or not. */
      restored: z.array(laterPlace),
    }),
    scope: 'audit:read',
  }),
  'audit.acknowledgeRestore': command({
    summary:
      'Say that the log is an older copy on purpose, after a restore: a row names the heads before and after, then the places that knew more begin anew. For the owner alone, after step-up',
    input: {},
    output: z.object({ places: z.array(laterPlace), size: z.int(), at: z.int() }),
    scope: 'audit:write',
    parkable: false,
  }),
} as const
