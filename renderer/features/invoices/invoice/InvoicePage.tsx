import { getRouteApi, Link } from '@tanstack/react-router'
import type { Invoice } from '../../../../shared/contract/invoices'
import { dateIn } from '../../../../shared/domain/dates'
import { invoiceDocument } from '../../../../shared/domain/invoiceDocument'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { FailedPage } from '../../../components/FailedPage'
import { dateText, shortDateText } from '../../../components/format'
import { Money } from '../../../components/Money'
import { Notice } from '../../../components/Notice'
import { Page } from '../../../components/Page'
import { ErrorState, LoadingRows } from '../../../components/States'
import { WaitingApprovals } from '../../../components/WaitingApprovals'
import { CustomerName } from '../../customers/customerNames'
import { EntriesOf } from '../../ledger/entry/EntriesOf'
import { PaymentPill } from '../../payments/PaymentPill'
import { InvoicePaper } from '../InvoicePaper'
import { InvoicePill } from '../InvoicePill'
import { invoiceTitle } from '../invoiceTitle'
import { words as common } from '../words'
import { InvoiceActions } from './InvoiceActions'
import styles from './invoice.module.css'
import { timeline } from './timeline'
import { words } from './words'

const route = getRouteApi('/invoices/$invoiceId')

/** One invoice: its page, what happened to it, and what it did to the books. */
export function InvoicePage() {
  const { invoiceId } = route.useParams()
  const invoice = useRead('invoices.get', { invoiceId })
  if (invoice.isPending) return <LoadingRows />
  if (invoice.isError) return <FailedPage what={common.one} query={invoice} back={<Link to="/invoices">{common.title}</Link>} />
  return <InvoiceView invoice={invoice.data} />
}

function InvoiceView({ invoice }: { readonly invoice: Invoice }) {
  const business = useBusiness()
  const customer = useRead('customers.get', { customerId: invoice.customerId })
  return (
    <Page
      fill
      back={<Link to="/invoices">{common.title}</Link>}
      title={
        <>
          <span className={styles.title}>{invoiceTitle(invoice)}</span>
          <InvoicePill invoice={invoice} />
        </>
      }
      actions={<InvoiceActions invoice={invoice} />}
    >
      <div className={styles.view}>
        <div className={styles.paper}>
          {customer.data ? (
            <InvoicePaper document={invoiceDocument(business, customer.data, invoice)} />
          ) : (
            <LoadingRows rows={6} />
          )}
        </div>
        <InvoiceSide invoice={invoice} />
      </div>
    </Page>
  )
}

function InvoiceSide({ invoice }: { readonly invoice: Invoice }) {
  const business = useBusiness()
  const payments = useRead('payments.list', { businessId: business.id, invoiceId: invoice.id, limit: 50 })
  const paid = payments.data?.items ?? []
  const sources = [
    { kind: 'invoice', id: invoice.id },
    ...paid.flatMap(({ id }) => [{ kind: 'payment', id } as const, { kind: 'fee', id } as const]),
  ] as const
  const due = invoice.status === 'paid' ? invoice.total : invoice.amountDue
  return (
    <aside className={styles.side}>
      {invoice.problem ? (
        <Notice alert className={styles.problem}>
          {invoice.problem}
        </Notice>
      ) : null}
      <WaitingApprovals about={invoice.id} className={styles.problem} />
      <div className={styles.amount}>
        <span className={styles.amountLabel}>{invoice.status === 'paid' ? words.paidSoFar : words.amountDue}</span>
        <Money amount={due} size="large" />
      </div>
      <div className={styles.party}>
        <Link to="/customers" search={{ customer: invoice.customerId }}>
          <CustomerName customerId={invoice.customerId} />
        </Link>
        <span>{words.timeline.dueOn(dateText(invoice.dueOn))}</span>
      </div>

      <section>
        <h2>{words.history}</h2>
        <ol className={styles.timeline}>
          {timeline(invoice, paid, dateIn(business.timeZone, invoice.createdAt)).map((moment) => (
            <li key={moment.id} data-state={moment.state}>
              {moment.text}
            </li>
          ))}
        </ol>
      </section>

      <section>
        <h2>{words.payments}</h2>
        {payments.isError ? (
          <ErrorState what={words.payments} error={payments.error} onRetry={() => void payments.refetch()} compact />
        ) : paid.length === 0 ? (
          <p className={styles.quiet}>{words.noPayments}</p>
        ) : (
          <ul className={styles.rows}>
            {paid.map((payment) => (
              <li key={payment.id}>
                <Link to="/payments" search={{ payment: payment.id }} className={styles.rowLink}>
                  <span>{shortDateText(payment.receivedOn)}</span>
                  <PaymentPill status={payment.status} />
                  <Money amount={payment.amount} />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>

      <section>
        <h2>{words.bookings}</h2>
        <EntriesOf sources={sources} empty={words.noBookings} />
      </section>
    </aside>
  )
}
