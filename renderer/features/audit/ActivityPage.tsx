import { Select } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useRows } from '../../api/pages'
import { useBusiness } from '../../app/BusinessProvider'
import { Page } from '../../components/Page'
import { SearchField } from '../../components/SearchField'
import { EmptyState } from '../../components/States'
import { DataTable } from '../../components/table/DataTable'
import { ActivityDrawer } from './ActivityDrawer'
import { activityColumns } from './activityColumns'
import { type ActorNames, actorWords, useActorNames } from './actors'
import { LogMenu } from './LogMenu'
import { VerifyChain } from './VerifyChain'
import { words } from './words'

const route = getRouteApi('/activity')
/** How far back a row that was linked to is looked for. */
const deepest = 10_000

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
  const names = useActorNames()
  const columns = useMemo(() => activityColumns(business.timeZone, names), [business.timeZone, names])
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
          <Select
            aria-label={words.who}
            placeholder={words.everyone}
            data={whoOptions(names)}
            searchable
            clearable
            w={210}
            value={actor ?? null}
            onChange={(value) => void navigate({ search: (was) => ({ ...was, actor: value ?? undefined }), replace: true })}
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

const usual = ['owner', 'provider:stripe', 'assistant', 'schedule:outbox', 'schedule:backup'] as const

/** Who the list can be narrowed to: those that every vault has, then whoever was given access. */
function whoOptions(names: ActorNames) {
  const option = (value: string) => ({ value, label: actorWords(value, names) })
  return [
    { group: words.whoGroups.always, items: usual.map(option) },
    ...(names.size === 0 ? [] : [{ group: words.whoGroups.given, items: [...names.keys()].map(option) }]),
  ]
}
