import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Input, Output, QueryName } from '../../shared/contract/index'
import { call } from './bridge'
import { onChanged, queryClient, topicOf } from './queryClient'

interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** Queries that answer a page of a list. */
export type ListName = { [N in QueryName]: Output<N> extends Page<unknown> ? N : never }[QueryName]
export type RowOf<N extends ListName> = Output<N> extends Page<infer T> ? T : never
export type Filter<N extends ListName> = Omit<Input<N>, 'cursor' | 'limit'>

/** Up to this many pages are simply read again after a change; deeper lists offer a refresh, so that the reader keeps the place. */
const silentPages = 3
const pageSize = 200

/** Reads one page of a list. Throws CallError. */
export async function readPage<N extends ListName>(
  name: N,
  filter: Filter<N>,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<RowOf<N>>> {
  const input = { ...filter, limit: pageSize, ...(cursor === null ? {} : { cursor }) }
  const page: unknown = await call(name, input as unknown as Input<N>, signal)
  return page as Page<RowOf<N>>
}

export interface Rows<T> {
  readonly rows: readonly T[]
  readonly isLoading: boolean
  readonly error: Error | null
  /** More rows exist than are loaded. */
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  /** The list changed while the reader was deep in it. */
  readonly changed: boolean
  readonly loadMore: () => void
  /**
   * Loads every remaining page and shows them together: each on its own would sort out the whole list again. Tells how many rows it has read;
   * stops early and answers false when the signal aborts, and nothing is shown then.
   */
  readonly loadAll: (signal: AbortSignal, onRows: (count: number) => void) => Promise<boolean>
  /** Starts again at the first page. */
  readonly refresh: () => void
}

/** A list read page by page, kept in step with main. */
export function useRows<N extends ListName>(
  name: N,
  filter: Filter<N>,
  settings: { readonly enabled?: boolean } = {},
): Rows<RowOf<N>> {
  const keyText = JSON.stringify(filter)
  // The key is rebuilt from its text so that an equal filter is the same key.
  const key = useMemo(() => [name, 'pages', keyText] as const, [name, keyText])
  const [changed, setChanged] = useState(false)
  const loadingAll = useRef(false)
  const query = useInfiniteQuery<Page<RowOf<N>>, Error, InfiniteData<Page<RowOf<N>>>, typeof key, string | null>({
    queryKey: key,
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) => readPage(name, JSON.parse(keyText) as Filter<N>, pageParam, signal),
    getNextPageParam: (last) => last.nextCursor,
    enabled: settings.enabled ?? true,
    staleTime: Number.POSITIVE_INFINITY,
    // A list left deep is dropped soon: coming back starts at its top with fresh rows.
    gcTime: 30_000,
    meta: { pages: true },
  })
  const { refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = query
  const pages = query.data?.pages
  const pageCount = pages?.length ?? 0

  useEffect(
    () =>
      onChanged((domains) => {
        if (!domains.has(topicOf(name))) return
        if (pageCount <= silentPages && !loadingAll.current) void refetch()
        else setChanged(true)
      }),
    [name, pageCount, refetch],
  )

  const refresh = useCallback(() => {
    setChanged(false)
    void queryClient.resetQueries({ queryKey: key, exact: true })
  }, [key])

  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, hasNextPage, isFetchingNextPage])

  const loadAll = useCallback(
    async (signal: AbortSignal, onRows: (count: number) => void) => {
      const before = queryClient.getQueryData<InfiniteData<Page<RowOf<N>>, string | null>>(key)
      const all = [...(before?.pages ?? [])]
      const params = [...(before?.pageParams ?? [])]
      let count = all.reduce((sum, page) => sum + page.items.length, 0)
      loadingAll.current = true
      try {
        for (let cursor = all.at(-1)?.nextCursor ?? null; cursor !== null; ) {
          const page = await readPage(name, JSON.parse(keyText) as Filter<N>, cursor, signal)
          if (signal.aborted) return false
          all.push(page)
          params.push(cursor)
          count += page.items.length
          onRows(count)
          cursor = page.nextCursor
        }
      } finally {
        loadingAll.current = false
      }
      queryClient.setQueryData(key, { pages: all, pageParams: params })
      return true
    },
    [key, keyText, name],
  )

  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages])
  return {
    rows,
    isLoading: query.isPending && (settings.enabled ?? true),
    error: query.error,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    changed,
    loadMore,
    loadAll,
    refresh,
  }
}
