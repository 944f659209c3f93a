import { Popover } from '@mantine/core'
import { moneyText } from '../../components/format'
import { Money } from '../../components/Money'
import { AccountPath } from './AccountPath'
import { Figure } from './Figure'
import styles from './figures.module.css'
import { words } from './words'

interface Part {
  readonly account: string
  readonly minor: number
  readonly from?: string | undefined
  readonly to?: string | undefined
}

interface TotalFigureProps {
  /** What the total is called: "Total income, Nov 2026". */
  readonly what: string
  readonly minor: number
  readonly currency: string
  readonly withSymbol?: boolean
  /** How the printed total is ruled: a single line above, or closed by a double one. */
  readonly ruled?: 'single' | 'double'
  /** The accounts it is made of, as they add up; zeros may be left in. */
  readonly parts: () => readonly Part[]
}

/** A sum, which shows what it is made of; each part leads to its register. Only inside Follow. */
export function TotalFigure({ what, minor, currency, withSymbol = false, ruled, parts }: TotalFigureProps) {
  const amount = { minor, currency }
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={styles.total}
          data-ruled={ruled}
          aria-label={words.explainTotal(what, moneyText(amount))}
        >
          <Money amount={amount} bare={!withSymbol} />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className={styles.parts}>
          <div className={styles.partsHead}>{words.madeOf(what)}</div>
          <Parts parts={parts()} currency={currency} minor={minor} />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function Parts({
  parts,
  currency,
  minor,
}: {
  readonly parts: readonly Part[]
  readonly currency: string
  readonly minor: number
}) {
  const shown = parts.filter((part) => part.minor !== 0)
  if (shown.length === 0) return <div className={styles.partsNone}>{words.nothing}</div>
  return (
    <>
      <ul className={styles.partRows}>
        {shown.map(({ account, minor: part, from, to }) => (
          <li key={account}>
            <AccountPath account={account} />
            <Figure account={account} currency={currency} minor={part} from={from} to={to} ofRow />
          </li>
        ))}
      </ul>
      <div className={styles.partsSum}>
        <Money amount={{ minor, currency }} />
      </div>
    </>
  )
}
