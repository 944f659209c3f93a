import { getRouteApi, Link } from '@tanstack/react-router'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { FailedPage } from '../../../components/FailedPage'
import { LoadingRows } from '../../../components/States'
import { useToday } from '../../../components/useToday'
import { words as common } from '../words'
import { EntryEditor } from './EntryEditor'
import { copyOf, newEntry } from './entryDraft'

const route = getRouteApi('/ledger/post')

/** A new journal entry, empty or with the lines of another one. */
export function PostEntryPage() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { copy } = route.useSearch()
  const original = useRead('ledger.explain', { entryId: copy ?? '-' }, { enabled: copy !== undefined })
  if (copy === undefined) return <EntryEditor key="new" initial={newEntry(today, business.currency)} />
  if (original.isPending) return <LoadingRows />
  if (original.isError) {
    return <FailedPage what={common.entry} query={original} back={<Link to="/ledger/journal">{common.journal}</Link>} />
  }
  return <EntryEditor key={copy} initial={copyOf(original.data.entry, today)} />
}
