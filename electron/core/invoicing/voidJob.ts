import type { OutboxKind } from '../outbox/index'
import type { ProviderInvoice } from '../ports/paymentGateway'
import { markVoidDeclined, markVoided } from './invoiceLifecycle'
import { readInvoiceRow, setProblem } from './invoices.repository'
import { type JobDeps, notConnected, withoutNames } from './sendJob'

/** The outbox's part of `invoices.void`: void at the provider, then reverse the entry here. */
export function voidJob({ read, gatewayFor }: JobDeps): OutboxKind<ProviderInvoice> {
  return {
    topics: ['invoices', 'ledger'],
    async perform(row) {
      const invoice = readInvoiceRow(read, row.subjectId)
      if (invoice.voiding === 0 || invoice.provider_ref === null) {
        return { kind: 'declined', code: 'not_open', message: 'It was paid or voided meanwhile.' }
      }
      const gateway = gatewayFor(invoice.business_id)
      if (gateway === null) return notConnected
      const request = { invoiceRef: invoice.provider_ref, idempotencyKey: row.idempotencyKey }
      return withoutNames(read, invoice.customer_id, await gateway.voidInvoice(request))
    },
    settle(w, row, outcome, now) {
      const invoice = readInvoiceRow(w, row.subjectId)
      if (outcome.kind === 'pending') return undefined
      if (outcome.kind === 'succeeded' && outcome.value.status === 'void') return markVoided(w, invoice, now)
      const [said, code] =
        outcome.kind === 'declined' ? [` ${outcome.message}`, outcome.code] : ['', `still_${outcome.value.status}`]
      const problem = `Stripe did not void this invoice.${said} It stands as before and nothing was booked.`
      return markVoidDeclined(w, invoice, problem, code)
    },
    problem(w, row, message) {
      const invoice = readInvoiceRow(w, row.subjectId)
      if (invoice.voiding === 1) setProblem(w, invoice.id, message)
    },
  }
}
