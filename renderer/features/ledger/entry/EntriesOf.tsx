import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { JournalEntry } from '../../../../shared/contract/ledger'
import { readOptions } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { shortDateText } from '../../../components/format'
import { EntryAmount } from './EntryAmount'
import styles from './entriesOf.module.css'

interface EntriesOfProps {
  readonly sources: readonly JournalEntry['source'][]
  readonly empty: string
}

/** The journal entries that an invoice, a payment or a refund caused, as links that explain them. */
export function EntriesOf({ sources, empty }: EntriesOfProps) {
  const business = useBusiness()
  const found = useQueries({
    queries: sources.map(({ kind, id }) => readOptions('ledger.entries', { businessId: business.id, source: { kind, id } })),
    combine: (results) => ({
      entries: results.flatMap((result) => result.data?.items ?? []),
      isPending: results.some((result) => result.isPending),
    }),
  })
  if (found.entries.length === 0) return found.isPending ? null : <p className={styles.quiet}>{empty}</p>
  const entries = found.entries.toSorted((a, b) => a.postedAt - b.postedAt)
  return (
    <ul className={styles.entryRows}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <Link to="/ledger/entries/$entryId" params={{ entryId: entry.id }} className={styles.entryLink}>
            <span className={styles.entryText}>{entry.description}</span>
            <span className={styles.entryDate}>{shortDateText(entry.occurredOn)}</span>
            <span className={styles.entryAmount}>
              <EntryAmount entry={entry} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
