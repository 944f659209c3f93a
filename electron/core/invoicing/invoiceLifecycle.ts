import { type InvoiceEvent, nextInvoiceState } from '../../../shared/domain/invoiceState'
import type { WriteDb } from '../db/index'
import type { AuditDetail } from '../dispatch/handler'
import { postOnOpenDay, reverseSource } from './booking'
import type { InvoiceRow } from './invoiceRow'
import { linesOf, setProviderRefs, setState, stateOf } from './invoices.repository'
import { invoiceComponents, invoiceOpened } from './postingRules'

/** What changed by an answer or report of the provider: ids, numbers and amounts for the audit row of whoever brought it. */
export type Change = { readonly did: string; readonly [detail: string]: AuditDetail }

function changeOf(did: string, row: InvoiceRow, more: Readonly<Record<string, AuditDetail>> = {}): Change {
  return { did, invoiceId: row.id, number: row.number, ...more }
}

/** Moves by the state machine. @returns whether anything changed */
function move(w: WriteDb, row: InvoiceRow, event: InvoiceEvent, problem: string | null = null): boolean {
  const transition = nextInvoiceState(stateOf(row), event)
  if (transition.kind !== 'move') return false
  setState(w, row.id, transition.to, problem)
  return true
}

/** The provider has the invoice: it opens, and the customer owes its total. Does nothing when it is open or further already. */
export function markIssued(
  w: WriteDb,
  row: InvoiceRow,
  issued: { readonly invoiceRef: string; readonly hostedUrl: string | null },
  now: number,
): Change | undefined {
  setProviderRefs(w, row.id, issued)
  if (!move(w, row, 'issued')) return undefined
  const entryId = postOnOpenDay(w, {
    businessId: row.business_id,
    occurredOn: row.issued_on ?? '',
    description: `Invoice ${row.number}`,
    source: { kind: 'invoice', id: row.id },
    postings: invoiceOpened(row.currency, invoiceComponents(linesOf(w, row.id))),
    now,
  })
  return changeOf('invoices.issued', row, { entryId })
}

/** The provider refused the invoice for good: it is void and keeps its number; nothing was booked. */
export function markSendDeclined(w: WriteDb, row: InvoiceRow, problem: string, code: string): Change | undefined {
  return move(w, row, 'sendDeclined', problem) ? changeOf('invoices.declined', row, { code }) : undefined
}

/** The invoice is void at the provider: its entry is reversed, its number stays taken. */
export function markVoided(w: WriteDb, row: InvoiceRow, now: number): Change | undefined {
  if (!move(w, row, 'voided')) return undefined
  const source = { businessId: row.business_id, kind: 'invoice' as const, id: row.id }
  return changeOf('invoices.voided', row, { entryId: reverseSource(w, source, `Invoice ${row.number} voided`, now) })
}

/** The provider did not void the invoice: it stands as before, and its owner is told. */
export function markVoidDeclined(w: WriteDb, row: InvoiceRow, problem: string, code: string): Change | undefined {
  return move(w, row, 'voidDeclined', problem) ? changeOf('invoices.voidDeclined', row, { code }) : undefined
}

/** The provider counts the invoice as paid. */
export function markPaid(w: WriteDb, row: InvoiceRow): Change | undefined {
  return move(w, row, 'paid') ? changeOf('invoices.paid', row) : undefined
}

/**
 * The provider counts the invoice as uncollectible. The receivable stays in the books until its owner writes it off: when a debt is
 * lost is a decision, not an event.
 */
export function markUncollectible(w: WriteDb, row: InvoiceRow): Change | undefined {
  return move(w, row, 'writtenOff') ? changeOf('invoices.uncollectible', row) : undefined
}
