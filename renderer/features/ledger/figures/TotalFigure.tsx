import { Popover } from '@mantine/core'
import { useRef, useState } from 'react'
import { moneyText } from '../../../components/format'
import { Money } from '../../../components/Money'
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
  const [opened, setOpened] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const amount = { minor, currency }
  const close = () => {
    setOpened(false)
    button.current?.focus()
  }
  return (
    <span className={styles.totalPlace}>
      <button
        ref={button}
        type="button"
        className={styles.total}
        data-ruled={ruled}
        aria-haspopup="dialog"
        aria-expanded={opened}
        aria-label={words.explainTotal(what, moneyText(amount))}
        onClick={() => setOpened(true)}
      >
        <Money amount={amount} bare={!withSymbol} />
      </button>
      {/* Made when it opens: a statement of five years has hundreds of totals. */}
      {opened ? (
        <Popover opened onChange={(next) => (next ? undefined : close())} position="bottom-end" trapFocus withRoles={false}>
          <Popover.Target>
            <span className={styles.totalAnchor} />
          </Popover.Target>
          <Popover.Dropdown p={0} role="dialog" aria-label={words.madeOf(what)}>
            <div className={styles.parts}>
              <div className={styles.partsHead}>{words.madeOf(what)}</div>
              <Parts parts={parts()} currency={currency} minor={minor} />
            </div>
          </Popover.Dropdown>
        </Popover>
      ) : null}
    </span>
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
