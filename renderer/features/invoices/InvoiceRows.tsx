import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Invoice } from '../../../shared/contract/invoices'
import { shortDateText } from '../../components/format'
import { Money } from '../../components/Money'
import { ErrorState } from '../../components/States'
import { InvoicePill } from './InvoicePill'
import styles from './InvoiceRows.module.css'
import { invoiceTitle } from './invoiceTitle'
import { words } from './words'

interface InvoiceRowsProps {
  readonly query: UseQueryResult<{ readonly items: readonly Invoice[] }>
  readonly empty: string
}

/** A few invoices as links, for drawers and Today. */
export function InvoiceRows({ query, empty }: InvoiceRowsProps) {
  if (query.isError) return <ErrorState what={words.title} error={query.error} onRetry={() => void query.refetch()} compact />
  if (query.data?.items.length === 0) return <p className={styles.quiet}>{empty}</p>
  return (
    <ul className={styles.rows}>
      {(query.data?.items ?? []).map((invoice) => (
        <li key={invoice.id}>
          <Link to="/invoices/$invoiceId" params={{ invoiceId: invoice.id }} className={styles.rowLink}>
            <span className={styles.rowTitle}>{invoiceTitle(invoice)}</span>
            <span className={styles.rowDate}>{invoice.issuedOn === null ? '' : shortDateText(invoice.issuedOn)}</span>
            <InvoicePill invoice={invoice} />
            <Money amount={invoice.total} />
          </Link>
        </li>
      ))}
    </ul>
  )
}
