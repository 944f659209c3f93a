import {
  IconAlertTriangle,
  IconChevronRight,
  IconCircleCheck,
  IconFilePencil,
  IconLifebuoy,
  type IconProps,
  IconRotateClockwise,
  IconRubberStamp,
} from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useRead } from '../../api/queries'
import { useWorkplace } from '../../app/BusinessProvider'
import { Money } from '../../components/Money'
import { ErrorState } from '../../components/States'
import { rankApprovals } from '../approvals/rankApprovals'
import { CustomerName } from '../customers/customerNames'
import { type Attention, attention, type Target } from './attention'
import styles from './today.module.css'
import { words } from './words'

/** The first warning of what is due for rotation. */
const dueSoonDays = 14
const recentMs = 7 * 86_400_000

/** What waits for the owner, the most pressing first. */
export function NeedsMe({ today }: { readonly today: string }) {
  const { business, shell } = useWorkplace()
  const businessId = business.id
  const approvals = useRead('approvals.list', { businessId, status: 'pending', limit: 100 })
  const overdue = useRead('invoices.list', { businessId, overdue: true, limit: 100 })
  const drafts = useRead('invoices.list', { businessId, status: 'draft', limit: 50 })
  const sending = useRead('invoices.list', { businessId, status: 'sending', limit: 50 })
  const failed = useRead('invoices.list', { businessId, status: 'void', limit: 20 })
  const integrations = useRead('integrations.list', { businessId })
  const dead = useRead('events.list', { businessId, status: 'dead', limit: 100 })
  const due = useRead('secrets.list', { businessId, withVault: true, dueWithinDays: dueSoonDays, limit: 50 })
  const security = useRead('vault.security', {})
  const reads = [approvals, overdue, drafts, sending, failed, integrations, dead, due, security]
  const broken = reads.find((read) => read.isError)
  if (broken) {
    const retry = () => void Promise.all(reads.map((read) => read.refetch()))
    return <ErrorState what={words.needsMeSubject} error={broken.error} onRetry={retry} compact />
  }
  const now = Date.now()
  const troubled = [...(sending.data?.items ?? []), ...(failed.data?.items ?? [])].filter(
    (invoice) => invoice.problem !== null && (invoice.status === 'sending' || now - invoice.createdAt < recentMs),
  )
  const rows = attention({
    today,
    approvals: rankApprovals(approvals.data?.items ?? [], now, business.currency),
    overdue: overdue.data?.items ?? [],
    drafts: drafts.data?.items ?? [],
    troubled,
    integrations: integrations.data?.items ?? [],
    deadEvents: dead.data?.items.length ?? 0,
    dueSecrets: due.data?.items ?? [],
    noKit: shell.world === 'live' && security.data?.factors.every(({ kind }) => kind !== 'kit') === true,
    now,
  })
  return (
    <section className={styles.needs}>
      <h2 className={styles.heading}>{words.needsMe}</h2>
      {rows.length > 0 ? (
        <ul className={styles.list}>
          {rows.map((row) => (
            <li key={row.id}>
              <Link {...linkOf(row.target)} className={styles.need} data-tone={row.tone}>
                <Icon row={row} />
                <span className={styles.needTexts}>
                  <span className={styles.needText}>{row.text}</span>
                  <span className={styles.needDetail}>
                    {row.customerId ? <CustomerName customerId={row.customerId} /> : null}
                    {row.customerId && row.detail ? ' · ' : null}
                    {row.detail}
                  </span>
                </span>
                {row.amount ? <Money amount={row.amount} /> : null}
                <IconChevronRight size={15} className={styles.arrow} aria-hidden="true" />
              </Link>
            </li>
          ))}
        </ul>
      ) : reads.some((read) => read.isPending) ? (
        <div className={styles.wait} aria-busy="true" />
      ) : (
        <div className={styles.clear}>
          <IconCircleCheck size={20} stroke={1.6} aria-hidden="true" />
          <div>
            <strong>{words.allClear}</strong>
            <div>{words.allClearText}</div>
          </div>
        </div>
      )}
    </section>
  )
}

const signs: Readonly<Record<Target['kind'], ComponentType<IconProps>>> = {
  approvals: IconRubberStamp,
  approvalQueue: IconRubberStamp,
  invoice: IconFilePencil,
  invoices: IconFilePencil,
  integrations: IconAlertTriangle,
  secret: IconRotateClockwise,
  expiring: IconRotateClockwise,
  security: IconLifebuoy,
}

function Icon({ row }: { readonly row: Attention }) {
  const icon = { size: 16, stroke: 1.8 }
  const Sign = row.tone === 'wax' ? IconAlertTriangle : signs[row.target.kind]
  return (
    <span className={styles.needIcon} aria-hidden="true">
      <Sign {...icon} />
    </span>
  )
}

function linkOf(target: Target): Pick<LinkProps, 'to' | 'params' | 'search'> {
  switch (target.kind) {
    case 'approvals':
      return { to: '/approvals', search: { approval: target.approvalId } }
    case 'approvalQueue':
      return { to: '/approvals', search: {} }
    case 'invoice':
      return { to: '/invoices/$invoiceId', params: { invoiceId: target.invoiceId } }
    case 'invoices':
      return { to: '/invoices', search: { status: target.status } }
    case 'secret':
      return { to: '/vault/$secretId', params: { secretId: target.secretId } }
    case 'expiring':
      return { to: '/vault/expiring' }
    case 'security':
      return { to: '/settings/$section', params: { section: 'vault' } }
    case 'integrations':
      return { to: '/settings/$section', params: { section: 'integrations' } }
  }
}
