import type { Topic } from '../../../shared/contract/events'
import type { AuditDetail } from '../dispatch/handler'
import type { Change } from '../invoicing/index'
import type { Notice } from '../ports/notifier'

/** What came of laying an object's present state over the books, as the projector of provider events takes it. */
export type Projected =
  | {
      readonly kind: 'changed'
      readonly details: { readonly [key: string]: AuditDetail }
      readonly topics: readonly Topic[]
      readonly notice?: Notice
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'foreign' }

/** Where a report is laid: the business, and the instant in UTC epoch milliseconds. */
export interface ProjectionContext {
  readonly businessId: string
  readonly now: number
}

/** The audit row of the report holds every change with its ids, so that an entry can be followed to the event that caused it. */
export function projectedOf(changes: readonly Change[], notice: Notice | null = null): Projected {
  if (changes.length === 0) return { kind: 'unchanged' }
  const topics = ['invoices', 'payments', 'ledger'] as const
  return { kind: 'changed', details: { changes }, topics, ...(notice === null ? {} : { notice }) }
}
