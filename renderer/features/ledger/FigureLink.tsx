import { Link } from '@tanstack/react-router'
import type { Money as Amount } from '../../../shared/domain/money'
import { Money } from '../../components/Money'
import type { Period } from './periods'
import styles from './reports.module.css'
import { words } from './words'

interface FigureLinkProps {
  readonly amount: Amount
  readonly account: string
  /** The postings behind the figure; null: from the first one on. */
  readonly period: Partial<Period> | null
}

/** A figure of a report: it leads to the postings that it is the sum of. */
export function FigureLink({ amount, account, period }: FigureLinkProps) {
  if (amount.minor === 0) return <span className={styles.zero}>–</span>
  return (
    <Link
      to="/ledger/register"
      search={{
        account,
        currency: amount.currency,
        ...(period?.from ? { from: period.from } : {}),
        ...(period?.to ? { to: period.to } : {}),
      }}
      className={styles.figure}
      title={words.openRegister(account)}
    >
      <Money amount={amount} bare />
    </Link>
  )
}
