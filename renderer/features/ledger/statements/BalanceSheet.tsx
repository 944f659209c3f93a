import { IconCheck } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Output } from '../../../../shared/contract/index'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { useToday } from '../../../components/useToday'
import { currencyName } from '../figures/currencyName'
import { DayPicker } from '../period/DayPicker'
import statement from '../table.module.css'
import { Paper } from '../view/View'
import { words as common } from '../words'
import { SheetSide } from './SheetSide'
import { Statement } from './Statement'
import styles from './sheet.module.css'
import { sheetLines } from './statementCsv'
import { type SheetGroup, sheetGroups } from './statements'
import { UnvaluedNote } from './UnvaluedNote'
import { words } from './words'

const route = getRouteApi('/ledger/balance-sheet')

/** What the business has, beside what it owes and what is the owner's. */
export function BalanceSheet() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { asOf = today } = route.useSearch()
  const navigate = route.useNavigate()
  const input = { businessId: business.id, asOf }
  const sheet = useRead('ledger.balanceSheet', input, { keepPrevious: true })
  const trial = useRead('ledger.trialBalance', input, { keepPrevious: true })
  const groups = useMemo(() => (sheet.data ? sheetGroups(sheet.data, business.currency) : []), [sheet.data, business.currency])
  return (
    <Statement
      title={words.sheet.title}
      toolbar={
        <DayPicker
          value={asOf}
          today={today}
          onChange={(day) => void navigate({ search: day === today ? {} : { asOf: day }, replace: true })}
        />
      }
      figures={sheet}
      empty={groups.length === 0}
      fileName={`${words.sheet.file} ${asOf}`}
      lines={() => sheetLines(groups)}
    >
      {({ unvaluedEntries }) => (
        <Paper stale={sheet.isPlaceholderData}>
          <UnvaluedNote count={unvaluedEntries} />
          {groups.map((group) => (
            <Sheet key={group.currency} group={group} asOf={asOf} trial={trial.data} />
          ))}
        </Paper>
      )}
    </Statement>
  )
}

interface SheetProps {
  readonly group: SheetGroup
  readonly asOf: string
  readonly trial: Output<'ledger.trialBalance'> | undefined
}

/** One currency as an account form: assets on the left, claims on them on the right, closed on the same line. */
function Sheet({ group, asOf, trial }: SheetProps) {
  const { currency, assets, liabilities, equity, claims } = group
  return (
    <section className={styles.sheet}>
      <h3 className={styles.head}>
        {currency}
        <span className={statement.groupNote}>{currencyName(currency)}</span>
        {assets.total === claims ? (
          <small className={styles.even}>
            <IconCheck size={14} stroke={2} aria-hidden="true" /> {words.sheet.balances}
          </small>
        ) : null}
      </h3>
      <div className={styles.sides}>
        <SheetSide
          sections={[assets]}
          currency={currency}
          asOf={asOf}
          trial={trial}
          total={{ name: common.totalOf(common.types.assets), minor: assets.total }}
        />
        <SheetSide
          sections={[liabilities, equity]}
          currency={currency}
          asOf={asOf}
          trial={trial}
          total={{ name: words.sheet.totalClaims, minor: claims }}
        />
      </div>
    </section>
  )
}
