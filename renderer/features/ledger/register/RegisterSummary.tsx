import { Segments } from '../../../components/Segments'
import { AccountPath } from '../figures/AccountPath'
import { Sided } from '../figures/Sided'
import { words as common } from '../words'
import styles from './register.module.css'
import type { RegisterFigure, RegisterFigures } from './useRegisterFigures'
import { words } from './words'

interface RegisterSummaryProps {
  readonly account: string
  /** The one in view; undefined: all of them. */
  readonly currency: string | undefined
  readonly figures: RegisterFigures
  readonly onCurrency: (currency: string | undefined) => void
}

const all = 'all'

/** What the register comes to: the figure that was followed here stands in it. */
export function RegisterSummary({ account, currency, figures, onCurrency }: RegisterSummaryProps) {
  if (!figures.rows || figures.rows.length === 0) return null
  const several = figures.currencies.length > 1
  return (
    <div className={styles.summary} data-stale={figures.isStale || undefined}>
      {several ? (
        <Segments
          label={words.currency}
          value={currency ?? all}
          options={[
            { value: all, label: words.allCurrencies },
            ...figures.currencies.map((code) => ({ value: code, label: code })),
          ]}
          onChange={(next) => onCurrency(next === all ? undefined : next)}
        />
      ) : (
        <span className={styles.summaryTitle}>
          <AccountPath account={account} />
        </span>
      )}
      <div className={styles.figures}>
        {figures.rows.map((row) => (
          <Figures key={row.currency} row={row} hasOpening={figures.hasOpening} />
        ))}
      </div>
    </div>
  )
}

function Figures({ row, hasOpening }: { readonly row: RegisterFigure; readonly hasOpening: boolean }) {
  const { currency, opening, change, closing } = row
  const items = hasOpening
    ? ([
        [words.opening, opening],
        [words.change, change],
        [words.closing, closing],
      ] as const)
    : ([[common.balance, closing]] as const)
  return (
    <dl className={styles.items}>
      {items.map(([name, minor]) => (
        <div key={name} className={styles.item}>
          <dt>{name}</dt>
          <dd>
            <Sided amount={{ minor, currency }} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
