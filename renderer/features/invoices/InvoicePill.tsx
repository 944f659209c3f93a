import type { Invoice } from '../../../shared/contract/invoices'
import { StatusPill, type Tone } from '../../components/StatusPill'
import { invoiceWord } from './words'

const looks: Readonly<Record<Invoice['status'], { readonly tone: Tone; readonly mark: 'hollow' | 'half' | 'full' | 'bar' }>> = {
  draft: { tone: 'quiet', mark: 'hollow' },
  sending: { tone: 'violet', mark: 'half' },
  open: { tone: 'blue', mark: 'half' },
  paid: { tone: 'green', mark: 'full' },
  void: { tone: 'quiet', mark: 'bar' },
  uncollectible: { tone: 'brass', mark: 'bar' },
}

/** Where an invoice stands. */
export function InvoicePill({ invoice }: { readonly invoice: Pick<Invoice, 'status' | 'overdue' | 'problem'> }) {
  const look = looks[invoice.status]
  const late = invoice.overdue || (invoice.problem !== null && invoice.status === 'sending')
  return (
    <StatusPill tone={late ? 'wax' : look.tone} mark={look.mark}>
      {invoiceWord(invoice)}
    </StatusPill>
  )
}
