import { IconHistory } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Approval } from '../../../shared/contract/approvals'
import { toDecimalString } from '../../../shared/domain/money'
import { useRows } from '../../api/pages'
import { useBusiness } from '../../app/BusinessProvider'
import { instantText } from '../../components/format'
import { Money } from '../../components/Money'
import { EmptyState } from '../../components/States'
import { StatusPill } from '../../components/StatusPill'
import type { Column } from '../../components/table/column'
import { DataTable } from '../../components/table/DataTable'
import { type ActorNames, actorWords, useActorNames } from '../audit/actors'
import { DecidedDrawer } from './DecidedDrawer'
import { tones, words } from './words'

function columnsOf(timeZone: string, names: ActorNames): Column<Approval>[] {
  return [
    {
      id: 'status',
      head: words.columns.status,
      width: '112px',
      cell: (approval) => <StatusPill tone={tones[approval.status]}>{words.statuses[approval.status]}</StatusPill>,
      sort: (approval) => words.statuses[approval.status],
    },
    {
      id: 'what',
      head: words.columns.what,
      width: 'minmax(180px, 3fr)',
      cell: (approval) => <span title={approval.facts.what}>{approval.facts.what}</span>,
      sort: (approval) => approval.facts.what,
    },
    {
      id: 'note',
      head: words.columns.note,
      wide: true,
      width: 'minmax(60px, 1fr)',
      cell: (approval) => approval.problem ?? approval.note ?? '',
    },
    { id: 'by', head: words.columns.by, wide: true, width: '112px', cell: (approval) => actorWords(approval.askedBy, names) },
    {
      id: 'amount',
      head: words.columns.amount,
      width: '112px',
      align: 'end',
      cell: (approval) => (approval.facts.amount ? <Money amount={approval.facts.amount} /> : '—'),
      sort: (approval) => approval.facts.amount?.minor ?? 0,
      csv: (approval) => (approval.facts.amount ? toDecimalString(approval.facts.amount) : ''),
    },
    {
      id: 'decided',
      head: words.columns.decided,
      width: '168px',
      align: 'end',
      cell: (approval) => instantText(approval.decidedAt ?? approval.createdAt, timeZone),
      sort: (approval) => approval.decidedAt ?? approval.createdAt,
    },
  ]
}

/** What was decided, expired or went out of date. */
export function DecidedApprovals() {
  const business = useBusiness()
  const all = useRows('approvals.list', { businessId: business.id })
  const names = useActorNames()
  const [open, setOpen] = useState<Approval | null>(null)
  const columns = useMemo(() => columnsOf(business.timeZone, names), [business.timeZone, names])
  const rows = useMemo(() => all.rows.filter((approval) => approval.status !== 'pending'), [all.rows])
  return (
    <>
      <DataTable
        label={words.decided}
        list={{ ...all, rows }}
        columns={columns}
        rowId={(approval) => approval.id}
        onOpen={setOpen}
        openId={open?.id}
        empty={
          <EmptyState icon={<IconHistory size={22} stroke={1.6} />} title={words.emptyDecided}>
            {words.emptyDecidedText}
          </EmptyState>
        }
      />
      <DecidedDrawer approval={open} onClose={() => setOpen(null)} />
    </>
  )
}
