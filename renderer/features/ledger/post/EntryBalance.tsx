import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { Currency } from '../../../../shared/domain/currency'
import { moneyText } from '../../../components/format'
import { Money } from '../../../components/Money'
import { words as common } from '../words'
import { balancesOf, type EntryLine } from './entryDraft'
import styles from './post.module.css'
import { words } from './words'

interface EntryBalanceProps {
  readonly lines: readonly EntryLine[]
  /** Puts what a currency lacks on a line. */
  readonly onFill: (currency: Currency) => void
}

/** Debits and credits of each currency, and what is missing between them. */
export function EntryBalance({ lines, onFill }: EntryBalanceProps) {
  const balances = balancesOf(lines)
  return (
    <div aria-live="polite">
      {balances.map(({ currency, debit, credit, difference }) => (
        <div key={currency} className={styles.balance} data-even={difference === 0 || undefined}>
          <span className={styles.balanceName}>{balances.length > 1 ? `${common.total} ${currency}` : common.total}</span>
          <Money amount={{ minor: debit, currency }} />
          <Money amount={{ minor: credit, currency }} />
          {difference === 0 ? (
            <span className={styles.even}>
              <IconCircleCheck size={16} stroke={1.8} aria-hidden="true" /> {words.balanced}
            </span>
          ) : (
            <span className={styles.off}>
              <IconAlertTriangle size={15} stroke={1.8} aria-hidden="true" />
              {moneyText({ minor: Math.abs(difference), currency })}
              <button type="button" onClick={() => onFill(currency)} title={words.fillFor(currency)}>
                {words.fill}
              </button>
            </span>
          )}
        </div>
      ))}
    </div>
  )
}
