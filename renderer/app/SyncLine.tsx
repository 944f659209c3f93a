import { Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { dateIn } from '../../shared/domain/dates'
import { useRead } from '../api/queries'
import { dateText, shortDateText } from '../components/format'
import { useBusiness } from './BusinessProvider'
import styles from './SyncLine.module.css'
import { words } from './words'

/** Whether every provider event is here: "0 gaps since 12 Nov". Leads to the integrations. */
export function SyncLine() {
  const business = useBusiness()
  const list = useRead('integrations.list', { businessId: business.id })
  const stripe = list.data?.items.find((item) => item.provider === 'stripe')
  if (!stripe) return <div className={styles.line} />

  const link = (tone: string, title: string, text: string, hint: string) => (
    <Tooltip label={hint} multiline maw={260}>
      <Link to="/settings/$section" params={{ section: 'integrations' }} className={styles.line} data-tone={tone}>
        <span className={styles.dot} aria-hidden="true" />
        <span className={styles.texts}>
          <span className={styles.title}>{title}</span>
          <span className={styles.text}>{text}</span>
        </span>
      </Link>
    </Tooltip>
  )
  const state = words.status.states[stripe.state]
  if (stripe.state === 'not_connected')
    return link('quiet', words.status.notConnected, words.status.connect, words.status.notConnected)
  if (stripe.problem !== null) return link('wax', words.status.problem, `Stripe · ${state}`, stripe.problem)
  const since = stripe.completeSince === null ? null : dateIn(business.timeZone, stripe.completeSince)
  const gaps = words.status.gaps(stripe.gapCount)
  const text = since === null ? words.status.noSync : `${gaps} ${words.status.since(shortDateText(since))}`
  const hint =
    since === null
      ? words.status.noSync
      : `Every Stripe event since ${dateText(since)} is known here; ${stripe.gapCount === 0 ? 'all are applied' : `${gaps} are not applied yet`}.`
  return link(stripe.gapCount === 0 ? 'green' : 'brass', `Stripe · ${state}`, text, hint)
}
