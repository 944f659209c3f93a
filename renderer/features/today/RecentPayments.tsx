import { Link } from '@tanstack/react-router'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { shortDateText } from '../../components/format'
import { Money } from '../../components/Money'
import { ErrorState } from '../../components/States'
import { CustomerName } from '../customers/customerNames'
import styles from './today.module.css'
import { words } from './words'

/** The last payments that came in. */
export function RecentPayments() {
  const business = useBusiness()
  const payments = useRead('payments.list', { businessId: business.id, limit: 6 })
  return (
    <section>
      <div className={styles.headRow}>
        <h2 className={styles.heading}>{words.recentPayments}</h2>
        <Link to="/payments" search={{}}>
          {words.allPayments}
        </Link>
      </div>
      {payments.isError ? (
        <ErrorState what={words.recentPayments} error={payments.error} onRetry={() => void payments.refetch()} compact />
      ) : payments.data?.items.length === 0 ? (
        <p className={styles.quiet}>{words.noPayments}</p>
      ) : (
        <ul className={styles.list}>
          {(payments.data?.items ?? []).map((payment) => (
            <li key={payment.id}>
              <Link to="/payments" search={{ payment: payment.id }} className={styles.payment}>
                <span className={styles.paymentDate}>{shortDateText(payment.receivedOn)}</span>
                <span className={styles.paymentWho}>
                  <CustomerName customerId={payment.customerId} />
                </span>
                <Money amount={payment.amount} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
