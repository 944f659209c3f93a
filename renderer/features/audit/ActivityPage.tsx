import { IconHistory } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useRows } from '../../api/pages'
import { useBusiness } from '../../app/BusinessProvider'
import { Page } from '../../components/Page'
import { SearchField } from '../../components/SearchField'
import { Segments } from '../../components/Segments'
import { EmptyState } from '../../components/States'
import { DataTable } from '../../components/table/DataTable'
import { ActivityDrawer } from './ActivityDrawer'
import { activityColumns } from './activityColumns'
import { LogMenu } from './LogMenu'
import { VerifyChain } from './VerifyChain'
import { words } from './words'

const route = getRouteApi('/activity')
/** How far back a row that was linked to is looked for. */
const deepest = 10_000

const actors = [
  { value: 'all', label: words.actors.all },
  { value: 'owner', label: words.actors.owner },
  { value: 'provider:stripe', label: words.actors['provider:stripe'] },
] as const

/** Every action of the vault, newest first, with the proof that none was changed. */
export function ActivityPage() {
  const business = useBusiness()
  const { query = '', actor, procedure, seq, verify } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = {
    ...(query === '' ? {} : { query }),
    ...(actor ? { actor } : {}),
    ...(procedure ? { procedure } : {}),
  }
  const list = useRows('audit.list', filter)
  const columns = useMemo(() => activityColumns(business.timeZone), [business.timeZone])
  const open = (next: number | undefined) => void navigate({ search: (was) => ({ ...was, seq: next }), replace: true })
  const row = seq === undefined ? undefined : list.rows.find((candidate) => candidate.seq === seq)

  const { hasMore, isLoadingMore, loadMore, rows } = list
  useEffect(() => {
    const looking = seq !== undefined && row === undefined && hasMore && !isLoadingMore && rows.length < deepest
    if (looking) loadMore()
  }, [seq, row, hasMore, isLoadingMore, loadMore, rows.length])

  const unfiltered = query === '' && actor === undefined && procedure === undefined
  return (
    <Page
      fill
      title={words.title}
      note={words.note}
      actions={
        <>
          <LogMenu filter={filter} />
          <VerifyChain startNow={verify === true} onShowRow={open} />
        </>
      }
      toolbar={
        <>
          <SearchField
            value={query}
            placeholder={words.search}
            onChange={(text) => void navigate({ search: (was) => ({ ...was, query: text || undefined }), replace: true })}
          />
          <Segments
            label={words.who}
            value={actors.find((option) => option.value === actor)?.value ?? 'all'}
            options={actors}
            onChange={(value) =>
              void navigate({ search: (was) => ({ ...was, actor: value === 'all' ? undefined : value }), replace: true })
            }
          />
        </>
      }
    >
      <DataTable
        label={words.title}
        list={list}
        columns={columns}
        rowId={(candidate) => String(candidate.seq)}
        onOpen={(candidate) => open(candidate.seq)}
        openId={seq === undefined ? undefined : String(seq)}
        empty={
          <EmptyState icon={<IconHistory size={22} stroke={1.6} />} title={unfiltered ? words.empty : words.noneFound}>
            {unfiltered ? words.emptyText : words.noneFoundText}
          </EmptyState>
        }
      />
      <ActivityDrawer row={row} onClose={() => open(undefined)} />
    </Page>
  )
}
