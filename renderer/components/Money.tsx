import { Tooltip } from '@mantine/core'
import type { Money as Amount } from '../../shared/domain/money'
import { moneyParts, moneyText } from './format'
import styles from './Money.module.css'

interface MoneyProps {
  readonly amount: Amount
  /** Leaves the symbol out where a column head names the currency. */
  readonly bare?: boolean
  /** Softens an amount that is there for completeness, such as a zero. */
  readonly quiet?: boolean
  readonly size?: 'normal' | 'large'
}

/** An amount: tabular digits, full exponent, a true minus sign before negatives. */
export function Money({ amount, bare = false, quiet = false, size = 'normal' }: MoneyProps) {
  const { sign, digits, symbol } = moneyParts(amount)
  const gap = !bare && /\p{L}$/u.test(symbol) ? '\u00a0' : ''
  return (
    <span
      className={styles.money}
      data-negative={amount.minor < 0 || undefined}
      data-quiet={quiet || undefined}
      data-size={size}
      data-minor={amount.minor}
      data-currency={amount.currency}
    >
      {size === 'normal' ? (
        `${sign}${bare ? '' : symbol}${gap}${digits}`
      ) : (
        <>
          {sign}
          {bare ? null : <span className={styles.symbol}>{symbol}</span>}
          {gap}
          {digits}
        </>
      )}
    </span>
  )
}

/** An amount that a provider has not told yet. */
export function UnknownMoney({ why }: { readonly why: string }) {
  return (
    <Tooltip label={why}>
      <span className={styles.unknown}>
        <span aria-hidden="true">…</span>
        <span className="ch-visually-hidden">{why}</span>
      </span>
    </Tooltip>
  )
}

/** A row of amounts, one per currency, the given one first: "$1,250.00 + €90.00". */
export function moneyList(amounts: readonly Amount[]): string {
  return amounts.map((amount) => moneyText(amount)).join(' + ')
}
