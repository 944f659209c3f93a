import { Button, Drawer } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Payment, Refund } from '../../../shared/contract/payments'
import { dateIn } from '../../../shared/domain/dates'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Facts } from '../../components/Facts'
import { dateText, shortDateText } from '../../components/format'
import { Money, UnknownMoney } from '../../components/Money'
import { ErrorState, LoadingRows } from '../../components/States'
import { StatusPill, type Tone } from '../../components/StatusPill'
import { WaitingApprovals } from '../../components/WaitingApprovals'
import { CustomerName } from '../customers/customerNames'
import { EntriesOf } from '../ledger/entry/EntriesOf'
import { PaymentPill } from './PaymentPill'
import styles from './payments.module.css'
import { useRefund } from './RefundDialog'
import { refundable } from './refundable'
import { words } from './words'

interface PaymentDrawerProps {
  /** Undefined: closed. */
  readonly paymentId: string | undefined
  readonly onClose: () => void
}

/** One payment beside the list: what came, what Stripe kept, what went back, what it did to the books. */
export function PaymentDrawer({ paymentId, onClose }: PaymentDrawerProps) {
  return (
    <Drawer opened={paymentId !== undefined} onClose={onClose} title={words.payment} lockScroll={false} size={480}>
      {paymentId === undefined ? null : <PaymentDetails key={paymentId} paymentId={paymentId} />}
    </Drawer>
  )
}

function PaymentDetails({ paymentId }: { readonly paymentId: string }) {
  const payment = useRead('payments.get', { paymentId })
  const refunds = useRead('payments.refunds', { paymentId, limit: 100 })
  if (payment.isPending || refunds.isPending) return <LoadingRows rows={4} />
  const error = payment.error ?? refunds.error
  if (!payment.data || !refunds.data) {
    const retry = () => void Promise.all([payment.refetch(), refunds.refetch()])
    return <ErrorState what={words.payment} error={error} onRetry={retry} compact />
  }
  return <PaymentView payment={payment.data} refunds={refunds.data.items} />
}

function PaymentView({ payment, refunds }: { readonly payment: Payment; readonly refunds: readonly Refund[] }) {
  const business = useBusiness()
  const refund = useRefund()
  const left = refundable(payment, refunds)
  const unknown = <UnknownMoney why={words.feeUnknown} />
  const sources = [
    { kind: 'payment', id: payment.id } as const,
    { kind: 'fee', id: payment.id } as const,
    ...refunds.flatMap(({ refundId: id }) => [{ kind: 'refund', id } as const, { kind: 'fee', id } as const]),
  ]
  return (
    <>
      <div className={styles.top}>
        <Money amount={payment.amount} size="large" />
        <PaymentPill status={payment.status} />
      </div>
      <dl className={styles.sum}>
        <div>
          <dt>{words.amount}</dt>
          <dd>
            <Money amount={payment.amount} />
          </dd>
        </div>
        <div>
          <dt>{words.fee}</dt>
          <dd>{payment.fee ? <Money amount={{ ...payment.fee, minor: -payment.fee.minor }} /> : unknown}</dd>
        </div>
        {payment.refunded.minor > 0 ? (
          <div>
            <dt>{words.refunded}</dt>
            <dd>
              <Money amount={{ ...payment.refunded, minor: -payment.refunded.minor }} />
            </dd>
          </div>
        ) : null}
        <div className={styles.net}>
          <dt>{words.net}</dt>
          <dd>
            {payment.net && payment.net.currency === payment.amount.currency ? (
              <Money amount={{ ...payment.net, minor: payment.net.minor - payment.refunded.minor }} />
            ) : payment.net ? (
              <Money amount={payment.net} />
            ) : (
              unknown
            )}
          </dd>
        </div>
      </dl>
      <Facts
        items={[
          [words.received, dateText(payment.receivedOn)],
          [words.customer, <CustomerLink key="c" customerId={payment.customerId} />],
          [words.invoice, <InvoiceLink key="i" payment={payment} />],
        ]}
      />
      <WaitingApprovals about={payment.id} className={styles.waiting} />
      {left.minor > 0 ? (
        <Button mt={14} variant="default" leftSection={<IconArrowBackUp size={16} />} onClick={() => refund.ask(payment, left)}>
          {words.refund}…
        </Button>
      ) : null}
      <section className={styles.part}>
        <h3>{words.refunds}</h3>
        {refunds.length === 0 ? (
          <p className={styles.quiet}>{words.noRefunds}</p>
        ) : (
          <ul className={styles.refunds}>
            {refunds.map((own) => (
              <li key={own.refundId}>
                <div className={styles.refundTop}>
                  <span>{shortDateText(dateIn(business.timeZone, own.requestedAt))}</span>
                  <RefundPill status={own.status} />
                  <Money amount={own.amount} />
                </div>
                <div className={styles.quiet}>{own.reason}</div>
                {own.problem ? (
                  <div className={styles.problem} role="alert">
                    {own.problem}
                  </div>
                ) : null}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className={styles.part}>
        <h3>{words.bookings}</h3>
        <EntriesOf sources={sources} empty={words.noBookings} />
      </section>
      {refund.dialog}
    </>
  )
}

const refundTones: Readonly<Record<Refund['status'], Tone>> = {
  submitted: 'violet',
  pending: 'violet',
  succeeded: 'quiet',
  declined: 'wax',
}

function RefundPill({ status }: { readonly status: Refund['status'] }) {
  const underWay = status === 'submitted' || status === 'pending'
  return (
    <StatusPill tone={refundTones[status]} mark={underWay ? 'half' : status === 'declined' ? 'bar' : 'full'}>
      {words.refundStatuses[status]}
    </StatusPill>
  )
}

function CustomerLink({ customerId }: { readonly customerId: string | null }) {
  if (customerId === null) return <span>—</span>
  return (
    <Link to="/customers" search={{ customer: customerId }}>
      <CustomerName customerId={customerId} />
    </Link>
  )
}

function InvoiceLink({ payment: { invoiceId, invoiceNumber } }: { readonly payment: Payment }) {
  if (invoiceId === null) return <span>—</span>
  return (
    <Link to="/invoices/$invoiceId" params={{ invoiceId }}>
      {invoiceNumber}
    </Link>
  )
}
