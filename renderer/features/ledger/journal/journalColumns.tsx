import type { JournalEntry } from '../../../../shared/contract/ledger'
import { toDecimalString } from '../../../../shared/domain/money'
import { dateText } from '../../../components/format'
import { StatusPill } from '../../../components/StatusPill'
import type { Column } from '../../../components/table/column'
import { EntryAmount, movedBy } from '../entry/EntryAmount'
import { words as common } from '../words'
import styles from './journal.module.css'
import { words } from './words'

/** The accounts on one side of an entry, each once, in the order of its postings. */
function accountsOn(entry: JournalEntry, side: 'debit' | 'credit'): string[] {
  const on = entry.postings.filter(({ amount }) => (side === 'debit' ? amount.minor > 0 : amount.minor < 0))
  return [...new Set(on.map((posting) => posting.account))]
}

function Accounts({ entry, side }: { readonly entry: JournalEntry; readonly side: 'debit' | 'credit' }) {
  const [first, ...others] = accountsOn(entry, side)
  if (first === undefined) return <span className={styles.quiet}>—</span>
  return (
    <span className={styles.accounts} title={[first, ...others].join(', ')}>
      {first}
      {others.length > 0 ? <span className={styles.quiet}> {words.more(others.length)}</span> : null}
    </span>
  )
}

const { columns } = words

/** The columns of the journal. */
export const journalColumns: readonly Column<JournalEntry>[] = [
  {
    id: 'date',
    head: columns.date,
    width: '104px',
    cell: (entry) => dateText(entry.occurredOn),
    sort: (entry) => entry.occurredOn,
    csv: (entry) => entry.occurredOn,
  },
  {
    id: 'entry',
    head: columns.entry,
    width: '64px',
    wide: true,
    cell: (entry) => <span className={styles.quiet}>{entry.id}</span>,
    csv: (entry) => entry.id,
  },
  {
    id: 'description',
    head: columns.description,
    width: 'minmax(160px, 1.5fr)',
    cell: (entry) => (
      <span className={styles.description}>
        <span className={styles.text} title={entry.description}>
          {entry.description}
        </span>
        {entry.reversedBy === null ? null : (
          <StatusPill tone="quiet" mark="bar">
            {common.reversed}
          </StatusPill>
        )}
      </span>
    ),
    sort: (entry) => entry.description,
    csv: (entry) => entry.description,
  },
  {
    id: 'source',
    head: columns.source,
    width: '76px',
    cell: (entry) => <span className={styles.quiet}>{common.sources[entry.source.kind]}</span>,
    sort: (entry) => common.sources[entry.source.kind],
    csv: (entry) => `${entry.source.kind}:${entry.source.id}`,
  },
  {
    id: 'debit',
    head: columns.debit,
    width: 'minmax(140px, 1fr)',
    wide: true,
    cell: (entry) => <Accounts entry={entry} side="debit" />,
    csv: (entry) => accountsOn(entry, 'debit').join(' '),
  },
  {
    id: 'credit',
    head: columns.credit,
    width: 'minmax(130px, 0.9fr)',
    wide: true,
    cell: (entry) => <Accounts entry={entry} side="credit" />,
    csv: (entry) => accountsOn(entry, 'credit').join(' '),
  },
  {
    id: 'amount',
    head: columns.amount,
    width: '112px',
    align: 'end',
    cell: (entry) => <EntryAmount entry={entry} />,
    sort: (entry) => movedBy(entry)?.minor ?? 0,
    csv: (entry) => {
      const amount = movedBy(entry)
      return amount === null ? '' : toDecimalString(amount)
    },
  },
]

/** The columns of its export, with what the screen shows as marks. */
export const journalExportColumns: readonly Column<JournalEntry>[] = [
  ...journalColumns,
  {
    id: 'currency',
    head: columns.currency,
    width: '0',
    cell: () => null,
    csv: (entry) => entry.postings[0]?.amount.currency ?? '',
  },
  { id: 'reversed', head: columns.reversed, width: '0', cell: () => null, csv: (entry) => entry.reversedBy ?? '' },
]
