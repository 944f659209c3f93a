import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../../../shared/contract/index'
import { readPage } from '../../../api/pages'
import { useBusiness } from '../../../app/BusinessProvider'

export type Account = Output<'ledger.accounts'>['items'][number]

/** More accounts than a chart is read with; the rest is still found by its exact name. */
const mostPages = 50

/** The whole chart of accounts, read page by page and kept in step with main. */
export function useAccounts() {
  const { id: businessId } = useBusiness()
  return useQuery<readonly Account[]>({
    queryKey: ['ledger.accounts', 'whole', businessId],
    queryFn: async ({ signal }) => {
      const all: Account[] = []
      let cursor: string | null = null
      for (let pages = 0; pages < mostPages; pages += 1) {
        const page: Awaited<ReturnType<typeof readPage<'ledger.accounts'>>> = await readPage(
          'ledger.accounts',
          { businessId },
          cursor,
          signal,
        )
        all.push(...page.items)
        cursor = page.nextCursor
        if (cursor === null) break
      }
      return all
    },
  })
}
