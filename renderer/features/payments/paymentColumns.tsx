import type { Payment } from '../../../shared/contract/payments'
import { toDecimalString } from '../../../shared/domain/money'
import { dateText } from '../../components/format'
import { Money, UnknownMoney } from '../../components/Money'
import type { Column } from '../../components/table/column'
import { CustomerName, customerNameOf, knownCustomerName } from '../customers/customerNames'
import { PaymentPill } from './PaymentPill'
import { words } from './words'

/** The columns of the payment list. */
export const paymentColumns: readonly Column<Payment>[] = [
  {
    id: 'received',
    head: words.columns.received,
    width: '104px',
    cell: (payment) => dateText(payment.receivedOn),
    sort: (payment) => payment.receivedOn,
    csv: (payment) => payment.receivedOn,
  },
  {
    id: 'customer',
    head: words.columns.customer,
    width: 'minmax(120px, 1fr)',
    cell: (payment) => <CustomerName customerId={payment.customerId} />,
    sort: (payment) => knownCustomerName(payment.customerId),
    csv: (payment) => customerNameOf(payment.customerId),
  },
  {
    id: 'invoice',
    head: words.columns.invoice,
    width: '92px',
    cell: (payment) => payment.invoiceNumber ?? '—',
    sort: (payment) => payment.invoiceNumber ?? '',
    csv: (payment) => payment.invoiceNumber ?? '',
  },
  {
    id: 'status',
    head: words.columns.status,
    width: '128px',
    cell: (payment) => <PaymentPill status={payment.status} />,
    sort: (payment) => words.statuses[payment.status],
    csv: (payment) => words.statuses[payment.status],
  },
  {
    id: 'amount',
    head: words.columns.amount,
    width: '112px',
    align: 'end',
    cell: (payment) => <Money amount={payment.amount} />,
    sort: (payment) => payment.amount.minor,
    csv: (payment) => toDecimalString(payment.amount),
  },
  {
    id: 'fee',
    head: words.columns.fee,
    wide: true,
    width: '88px',
    align: 'end',
    cell: (payment) => (payment.fee ? <Money amount={payment.fee} quiet /> : <UnknownMoney why={words.feeUnknown} />),
    sort: (payment) => payment.fee?.minor ?? -1,
    csv: (payment) => (payment.fee ? toDecimalString(payment.fee) : ''),
  },
  {
    id: 'net',
    head: words.columns.net,
    wide: true,
    width: '112px',
    align: 'end',
    cell: (payment) => (payment.net ? <Money amount={payment.net} /> : <UnknownMoney why={words.feeUnknown} />),
    sort: (payment) => payment.net?.minor ?? -1,
    csv: (payment) => (payment.net ? toDecimalString(payment.net) : ''),
  },
]

/** The columns of its export. */
export const paymentExportColumns: readonly Column<Payment>[] = [
  ...paymentColumns,
  {
    id: 'refunded',
    head: words.refundedColumn,
    width: '0',
    cell: () => null,
    csv: (payment) => toDecimalString(payment.refunded),
  },
  { id: 'currency', head: words.currency, width: '0', cell: () => null, csv: (payment) => payment.amount.currency },
]
