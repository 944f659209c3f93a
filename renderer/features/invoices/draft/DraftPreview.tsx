import type { Invoice } from '../../../../shared/contract/invoices'
import { invoiceDocument } from '../../../../shared/domain/invoiceDocument'
import type { InvoiceTotals } from '../../../../shared/domain/invoiceTotals'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { InvoicePaper } from '../InvoicePaper'
import styles from './editor.module.css'
import { checkDraft, type Draft, type DraftInput, defaultAccount } from './invoiceDraft'
import { words } from './words'

interface DraftPreviewProps {
  readonly draft: Draft
  readonly stored: Invoice | null
}

/** The customer's page, from the same layout that the PDF is made of. */
export function DraftPreview({ draft, stored }: DraftPreviewProps) {
  const business = useBusiness()
  const customer = useRead('customers.get', { customerId: draft.customerId ?? '-' }, { enabled: draft.customerId !== null })
  const check = checkDraft(draft)
  if (!check.ok || !customer.data) {
    return (
      <div className={styles.previewEmpty}>
        <div className={styles.ghost} aria-hidden="true" />
        <p>{words.previewWaits}</p>
      </div>
    )
  }
  const invoice = previewInvoice(business.id, stored, check.input, check.totals)
  return (
    <>
      <InvoicePaper document={invoiceDocument(business, customer.data, invoice)} />
      <p className={styles.previewNote}>{words.previewNote}</p>
    </>
  )
}

/** The invoice that these figures would make, for showing only. */
function previewInvoice(businessId: string, stored: Invoice | null, input: DraftInput, totals: InvoiceTotals): Invoice {
  const money = (minor: number) => ({ minor, currency: input.currency })
  return {
    id: stored?.id ?? 'preview',
    businessId,
    customerId: input.customerId,
    number: null,
    status: 'draft',
    currency: input.currency,
    issuedOn: null,
    dueOn: input.dueOn,
    lines: input.lines.map((line, index) => ({
      description: line.description,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      taxRate: line.taxRate ?? null,
      account: line.account ?? defaultAccount,
      amount: money(totals.lines[index]?.amount ?? 0),
      tax: money(totals.lines[index]?.tax ?? 0),
    })),
    subtotal: money(totals.subtotal),
    tax: money(totals.tax),
    total: money(totals.total),
    amountPaid: money(0),
    amountDue: money(totals.total),
    hostedInvoiceUrl: null,
    memo: input.memo === '' ? null : input.memo,
    overdue: false,
    problem: null,
    createdAt: stored?.createdAt ?? 0,
    version: stored?.version ?? 0,
  }
}
