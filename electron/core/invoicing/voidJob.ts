import type { WriteDb } from '../db/index'
import type { FinalOutcome, OutboxKind } from '../outbox/index'
import type { ProviderInvoice } from '../ports/paymentGateway'
import { type Change, markVoidDeclined, markVoided } from './invoiceLifecycle'
import type { InvoiceRow } from './invoiceRow'
import { readInvoiceRow, setProblem } from './invoices.repository'
import { type JobDeps, notConnected, withoutNames } from './sendJob'

/** What the owner is told of an invoice voided here while its sending was paused, until the provider answers. */
export const withdrawalUnderWay =
  'It is void here. Stripe is asked to take down what it may hold of it; until it answers, a customer who got it there can still pay it.'

/** Voided here while its sending was paused: it never opened, and the provider may hold something of it. */
function isWithdrawn(invoice: InvoiceRow): boolean {
  return invoice.status === 'void' && invoice.provider_ref === null
}

/** Records how the provider took down what a stopped sending may have left there. The invoice is void here already. */
function settleWithdrawal(w: WriteDb, invoice: InvoiceRow, outcome: FinalOutcome<ProviderInvoice | null>): Change {
  const held = outcome.kind === 'declined' ? outcome.code : (outcome.value?.status ?? 'nothing')
  const isDown = held === 'nothing' || held === 'void'
  const why = outcome.kind === 'declined' ? ` ${outcome.message}` : ` It counts as ${held} there.`
  const problem = `It is void here, and Stripe did not take it down.${why} Look at it in the Stripe dashboard; what was paid there is booked by itself and can be refunded.`
  if (!isDown || invoice.amount_paid === 0) setProblem(w, invoice.id, isDown ? null : problem)
  return { did: isDown ? 'invoices.withdrawn' : 'invoices.notWithdrawn', invoiceId: invoice.id, number: invoice.number, held }
}

/**
 * The outbox's part of `invoices.void`: void at the provider, then reverse the entry here. Of an invoice that is void here already,
 * because its sending was paused, the provider takes down what it may hold.
 */
export function voidJob({ read, gatewayFor }: JobDeps): OutboxKind<ProviderInvoice | null> {
  return {
    topics: ['invoices', 'ledger'],
    async perform(row) {
      const invoice = readInvoiceRow(read, row.subjectId)
      const withdrawn = isWithdrawn(invoice)
      if (!withdrawn && (invoice.voiding === 0 || invoice.provider_ref === null)) {
        return { kind: 'declined', code: 'not_open', message: 'It was paid or voided meanwhile.' }
      }
      const gateway = gatewayFor(invoice.business_id)
      if (gateway === null) return notConnected
      const { idempotencyKey } = row
      const outcome =
        invoice.provider_ref === null
          ? await gateway.withdrawInvoice({ invoiceId: invoice.id, idempotencyKey })
          : await gateway.voidInvoice({ invoiceRef: invoice.provider_ref, idempotencyKey })
      return withoutNames(read, invoice.customer_id, outcome)
    },
    settle(w, row, outcome, now) {
      const invoice = readInvoiceRow(w, row.subjectId)
      if (isWithdrawn(invoice)) return settleWithdrawal(w, invoice, outcome)
      if (outcome.kind === 'pending') return undefined
      const status = outcome.kind === 'declined' ? null : (outcome.value?.status ?? 'void')
      if (status === 'void') return markVoided(w, invoice, now)
      const [said, code] = outcome.kind === 'declined' ? [` ${outcome.message}`, outcome.code] : ['', `still_${status}`]
      const problem = `Stripe did not void this invoice.${said} It stands as before and nothing was booked.`
      return markVoidDeclined(w, invoice, problem, code)
    },
    problem(w, row, message) {
      const invoice = readInvoiceRow(w, row.subjectId)
      if (invoice.voiding === 1) setProblem(w, invoice.id, message)
      // What is told of money that came in for it stands above this.
      if (!isWithdrawn(invoice) || invoice.amount_paid > 0) return
      setProblem(w, invoice.id, message === null ? null : `${withdrawalUnderWay} ${message}`)
    },
  }
}
