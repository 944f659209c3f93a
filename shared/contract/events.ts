import { z } from 'zod'
import { id } from '../domain/ids'
import { provider } from './integrations'
import { command, page, pageOf, query } from './procedure'

export const providerEvent = z.object({
  id,
  businessId: id,
  provider,
  providerEventId: z.string(),
  type: z.string(),
  objectId: z.string().nullable(),
  occurredAt: z.int(),
  receivedAt: z.int(),
  via: z.enum(['webhook', 'poll']),
  status: z.enum(['pending', 'applied', 'ignored', 'dead']),
  attempts: z.int(),
  problem: z.string().nullable(),
})
export type ProviderEvent = z.infer<typeof providerEvent>

export const events = {
  'events.list': query({
    summary: 'Provider events as received, newest first',
    input: {
      businessId: id.optional(),
      status: z.enum(['pending', 'applied', 'ignored', 'dead']).optional(),
      ...page,
    },
    output: pageOf(providerEvent),
    scope: 'events:read',
  }),
  'events.sync': command({
    summary: 'Fetch provider events since the cursor and apply what is missing',
    input: { businessId: id.optional() },
    output: z.object({ fetched: z.int(), applied: z.int(), gaps: z.int() }),
    scope: 'events:write',
  }),
  'events.replay': command({
    summary: 'Apply an event again; harmless when it was applied before',
    input: { eventId: id },
    output: providerEvent,
    scope: 'events:write',
  }),
} as const

/** Pushes from main to the window. */
export const topics = [
  'businesses',
  'customers',
  'integrations',
  'rates',
  'invoices',
  'payments',
  'approvals',
  'policies',
  'ledger',
  'events',
  'audit',
  'vault',
  'tokens',
  'secrets',
  'grants',
  'safety',
  'backups',
] as const
export type Topic = (typeof topics)[number]

export type WindowEvent =
  | { readonly kind: 'changed'; readonly topics: readonly Topic[] }
  | {
      readonly kind: 'importProgress'
      readonly businessId: string
      readonly lines: number
      readonly bytes: number
      readonly totalBytes: number
    }
  | {
      readonly kind: 'vaultProgress'
      readonly step: 'rotate' | 'database' | 'backup' | 'drill' | 'import' | 'restore'
      readonly done: number
      readonly total: number
    }
  | { readonly kind: 'auditProgress'; readonly rows: number; readonly total: number }
