import type { JournalEntry } from '../../../shared/contract/ledger'
import { toDecimalString } from '../../../shared/domain/money'
import { dateText } from '../../components/format'
import type { Column } from '../../components/table/column'
import { EntryAmount } from './EntriesOf'
import styles from './ledger.module.css'
import { words } from './words'

const accountsOf = (entry: JournalEntry) => [...new Set(entry.postings.map((posting) => posting.account))].join(', ')

/** The columns of the journal. */
export const journalColumns: readonly Column<JournalEntry>[] = [
  {
    id: 'date',
    head: words.columns.date,
    width: '108px',
    cell: (entry) => dateText(entry.occurredOn),
    sort: (entry) => entry.occurredOn,
    csv: (entry) => entry.occurredOn,
  },
  {
    id: 'description',
    head: words.columns.description,
    width: 'minmax(180px, 1.2fr)',
    cell: (entry) => entry.description,
    sort: (entry) => entry.description,
    csv: (entry) => entry.description,
  },
  {
    id: 'source',
    head: words.columns.source,
    width: '84px',
    cell: (entry) => <span className={styles.faint}>{words.sources[entry.source.kind]}</span>,
    sort: (entry) => words.sources[entry.source.kind],
    csv: (entry) => words.sources[entry.source.kind],
  },
  {
    id: 'accounts',
    head: words.columns.accounts,
    wide: true,
    width: 'minmax(180px, 1.2fr)',
    cell: (entry) => <span className={styles.faint}>{accountsOf(entry)}</span>,
    csv: (entry) =>
      entry.postings
        .map((posting) => `${posting.account} ${toDecimalString(posting.amount)} ${posting.amount.currency}`)
        .join('; '),
  },
  {
    id: 'amount',
    head: words.columns.amount,
    width: '120px',
    align: 'end',
    cell: (entry) => <EntryAmount entry={entry} />,
    sort: (entry) => Math.max(0, ...entry.postings.map((posting) => posting.amount.minor)),
  },
]
