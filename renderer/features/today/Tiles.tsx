import { Tooltip } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { Money as Amount } from '../../../shared/domain/money'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Money, moneyList } from '../../components/Money'
import { ErrorState } from '../../components/States'
import { balancesOf, monthStart, results } from './figures'
import styles from './today.module.css'
import { words } from './words'

interface Figure {
  readonly label: string
  readonly note: string
  readonly amounts: readonly Amount[] | null
  readonly link: Pick<LinkProps, 'to' | 'search'>
}

/** How the money stands; each figure leads to the entries behind it. */
export function Tiles({ today }: { readonly today: string }) {
  const business = useBusiness()
  const from = monthStart(today, 0)
  const trial = useRead('ledger.trialBalance', { businessId: business.id }, { keepPrevious: true })
  const month = useRead('ledger.incomeStatement', { businessId: business.id, from, to: today }, { keepPrevious: true })
  if (trial.isError) return <ErrorState what="The balances" error={trial.error} onRetry={() => void trial.refetch()} compact />
  const balance = (account: string, sign: 1 | -1) =>
    trial.data ? balancesOf(trial.data, account, business.currency, sign) : null
  const register = (account: string) => ({ to: '/ledger/register', search: { account } }) as const
  const figures: readonly Figure[] = [
    {
      label: words.tiles.receivable,
      note: words.tiles.receivableNote,
      amounts: balance('assets:receivable', 1),
      link: register('assets:receivable'),
    },
    {
      label: words.tiles.stripe,
      note: words.tiles.stripeNote,
      amounts: balance('assets:stripe', 1),
      link: register('assets:stripe'),
    },
    {
      label: words.tiles.month,
      note: words.tiles.monthNote,
      amounts: month.data ? results(month.data, business.currency) : null,
      link: { to: '/ledger/income-statement', search: { from, to: today } },
    },
    {
      label: words.tiles.tax,
      note: words.tiles.taxNote,
      amounts: balance('liabilities:sales-tax', -1),
      link: register('liabilities:sales-tax'),
    },
  ]
  return (
    <ul className={styles.tiles}>
      {figures.map((figure) => (
        <Tile key={figure.label} figure={figure} />
      ))}
    </ul>
  )
}

function Tile({ figure }: { readonly figure: Figure }) {
  const [own, ...others] = figure.amounts ?? []
  return (
    <li>
      <Link {...figure.link} className={styles.tile}>
        <span className={styles.tileLabel}>
          {figure.label}
          <Tooltip label={figure.note} multiline maw={280}>
            <IconInfoCircle size={14} stroke={1.7} aria-hidden="true" />
          </Tooltip>
        </span>
        {own ? <Money amount={own} size="large" /> : <span className={styles.tileWait} aria-busy="true" />}
        <span className={styles.tileMore}>{others.length > 0 ? `+ ${moneyList(others)}` : '\u00a0'}</span>
        <span className="ch-visually-hidden">
          {figure.note} {words.tiles.follow}
        </span>
      </Link>
    </li>
  )
}
