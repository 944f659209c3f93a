import type { Grant } from '../../../shared/contract/grants'
import { instantText } from '../../components/format'
import { StatusPill } from '../../components/StatusPill'
import type { Column } from '../../components/table/column'
import { grantState, mayText } from './grantDraft'
import styles from './grants.module.css'
import { words } from './words'

/** The columns of Access. */
export function grantColumns(timeZone: string): Column<Grant>[] {
  const where = (grant: Grant) => grant.hosts.join(', ')
  return [
    {
      id: 'holder',
      head: words.columns.holder,
      width: 'minmax(130px, 1.6fr)',
      cell: (grant) => <strong>{grant.holder}</strong>,
      sort: (grant) => grant.holder,
      csv: (grant) => grant.holder,
    },
    {
      id: 'items',
      head: words.columns.items,
      width: '48px',
      cell: (grant) => grant.secretIds.length,
      sort: (grant) => grant.secretIds.length,
      csv: (grant) => String(grant.secretIds.length),
    },
    {
      id: 'may',
      head: words.columns.may,
      width: '104px',
      cell: mayText,
      csv: (grant) => grant.actions.join(' '),
    },
    {
      id: 'where',
      head: words.columns.where,
      width: 'minmax(100px, 1fr)',
      wide: true,
      cell: (grant) => <span className={styles.faint}>{where(grant) || words.anywhere}</span>,
      csv: where,
    },
    {
      id: 'used',
      head: words.columns.used,
      width: '64px',
      cell: (grant) => words.times(grant.uses, grant.maxUses),
      sort: (grant) => grant.uses,
      csv: (grant) => String(grant.uses),
    },
    {
      id: 'ends',
      head: words.columns.ends,
      width: '158px',
      cell: (grant) => instantText(endOf(grant), timeZone),
      sort: endOf,
      csv: (grant) => new Date(endOf(grant)).toISOString(),
    },
    {
      id: 'state',
      head: words.columns.state,
      width: '152px',
      cell: (grant) => <GrantState grant={grant} />,
      csv: (grant) => words.states[grantState(grant, Date.now())],
    },
  ]
}

/** When a grant ended or will end, UTC epoch milliseconds: what was revoked did not last until its expiry. */
export function endOf({ revokedAt, expiresAt }: Pick<Grant, 'revokedAt' | 'expiresAt'>): number {
  return Math.min(revokedAt ?? expiresAt, expiresAt)
}

/** Whether a grant is active, or why it ended. */
export function GrantState({ grant }: { readonly grant: Grant }) {
  const state = grantState(grant, Date.now())
  return state === 'active' ? (
    <StatusPill tone="green">{words.states.active}</StatusPill>
  ) : (
    <StatusPill tone="quiet" mark="bar">
      {words.states[state]}
    </StatusPill>
  )
}
