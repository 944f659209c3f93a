import type { Invoice } from '../../../../shared/contract/invoices'
import type { Payment } from '../../../../shared/contract/payments'
import { dateText, moneyText } from '../../../components/format'
import { words } from './words'

/** One thing that happened to an invoice, or is about to. */
interface Moment {
  readonly id: string
  readonly text: string
  readonly state: 'done' | 'now' | 'ahead' | 'late'
}

/**
 * What happened to an invoice, in order, and what comes next.
 * @param written the day on which the draft was written, in the business's time zone
 */
export function timeline(invoice: Invoice, payments: readonly Payment[], written: string): Moment[] {
  const done = (id: string, text: string): Moment => ({ id, text, state: 'done' })
  const moments: Moment[] = [done('written', `${words.timeline.written} · ${dateText(written)}`)]
  if (invoice.issuedOn !== null) moments.push(done('issued', words.timeline.issued(dateText(invoice.issuedOn))))
  for (const payment of payments) {
    moments.push(done(payment.id, `${words.timeline.paid(dateText(payment.receivedOn))} · ${moneyText(payment.amount)}`))
    if (payment.refunded.minor > 0)
      moments.push(done(`${payment.id}-refund`, words.timeline.refunded(moneyText(payment.refunded))))
  }
  switch (invoice.status) {
    case 'draft':
      return [...moments, { id: 'due', text: words.timeline.dueOn(dateText(invoice.dueOn)), state: 'ahead' }]
    case 'sending':
      return [...moments, { id: 'sending', text: words.timeline.sending, state: 'now' }]
    case 'open':
      return [
        ...moments,
        invoice.overdue
          ? { id: 'due', text: words.timeline.wasDue(dateText(invoice.dueOn)), state: 'late' }
          : { id: 'due', text: words.timeline.dueOn(dateText(invoice.dueOn)), state: 'ahead' },
        { id: 'waiting', text: words.timeline.waiting, state: 'now' },
      ]
    case 'paid':
      return moments
    case 'void':
      return [...moments, done('void', words.timeline.voided)]
    case 'uncollectible':
      return [...moments, done('uncollectible', words.timeline.uncollectible)]
  }
}
