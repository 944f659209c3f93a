import type { Invoice } from '../../../../shared/contract/invoices'
import { toDecimalString } from '../../../../shared/domain/money'
import { dateText } from '../../../components/format'
import { Money } from '../../../components/Money'
import type { Column } from '../../../components/table/column'
import { CustomerName, customerNameOf, knownCustomerName } from '../../customers/customerNames'
import { InvoicePill } from '../InvoicePill'
import { words as common, invoiceWord } from '../words'
import styles from './list.module.css'
import { words } from './words'

/** The columns of the invoice list. */
export const invoiceColumns: readonly Column<Invoice>[] = [
  {
    id: 'number',
    head: words.columns.number,
    width: '92px',
    cell: (invoice) =>
      invoice.number === null ? <span className={styles.quiet}>—</span> : <span className={styles.number}>{invoice.number}</span>,
    sort: (invoice) => invoice.number ?? '',
    csv: (invoice) => invoice.number ?? '',
  },
  {
    id: 'customer',
    head: words.columns.customer,
    width: 'minmax(140px, 1fr)',
    cell: (invoice) => <CustomerName customerId={invoice.customerId} />,
    sort: (invoice) => knownCustomerName(invoice.customerId),
    csv: (invoice) => customerNameOf(invoice.customerId),
  },
  {
    id: 'status',
    head: words.columns.status,
    width: '112px',
    cell: (invoice) => <InvoicePill invoice={invoice} />,
    sort: invoiceWord,
    csv: invoiceWord,
  },
  {
    id: 'issued',
    head: words.columns.issued,
    wide: true,
    width: '104px',
    cell: (invoice) => (invoice.issuedOn === null ? <span className={styles.quiet}>—</span> : dateText(invoice.issuedOn)),
    sort: (invoice) => invoice.issuedOn ?? '',
    csv: (invoice) => invoice.issuedOn ?? '',
  },
  {
    id: 'due',
    head: words.columns.due,
    width: '104px',
    cell: (invoice) => <span className={invoice.overdue ? styles.late : ''}>{dateText(invoice.dueOn)}</span>,
    sort: (invoice) => invoice.dueOn,
    csv: (invoice) => invoice.dueOn,
  },
  {
    id: 'total',
    head: words.columns.total,
    width: '112px',
    align: 'end',
    cell: (invoice) => <Money amount={invoice.total} />,
    sort: (invoice) => invoice.total.minor,
    csv: (invoice) => toDecimalString(invoice.total),
  },
  {
    id: 'open',
    head: words.columns.open,
    wide: true,
    width: '112px',
    align: 'end',
    cell: (invoice) => <Money amount={invoice.amountDue} quiet={invoice.amountDue.minor === 0} />,
    sort: (invoice) => invoice.amountDue.minor,
    csv: (invoice) => toDecimalString(invoice.amountDue),
  },
]

/** The columns of its export, with the currency that the screen shows as a symbol. */
export const invoiceExportColumns: readonly Column<Invoice>[] = [
  ...invoiceColumns,
  { id: 'currency', head: common.currency, width: '0', cell: (invoice) => invoice.currency, csv: (invoice) => invoice.currency },
]
