import { Center, Loader } from '@mantine/core'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import type { Business } from '../../shared/contract/businesses'
import type { ShellState } from '../../shared/contract/shell'
import { useRead } from '../api/queries'
import { ErrorState } from '../components/States'
import { mayLeave } from './leaving'

interface Workplace {
  readonly shell: ShellState
  readonly business: Business
  readonly businesses: readonly Business[]
  /** Where the window starts in this business. */
  readonly start: string
  /**
   * Shows another business, once whoever holds something unsaved has been asked.
   * @param route where to start in it; Today unless told
   */
  readonly select: (businessId: string, route?: string) => Promise<void>
}

const WorkplaceContext = createContext<Workplace | null>(null)

interface BusinessProviderProps {
  readonly shell: ShellState
  /** Shown while the vault has no business yet. */
  readonly fallback: ReactNode
  readonly children: ReactNode
}

/** Knows the businesses of the vault and which one the window shows. */
export function BusinessProvider({ shell, fallback, children }: BusinessProviderProps) {
  const list = useRead('businesses.list', { limit: 200 })
  const [chosen, setChosen] = useState({ id: '', start: '/' })
  const select = useCallback(async (id: string, start = '/') => {
    if (await mayLeave()) setChosen({ id, start })
  }, [])
  const businesses = list.data?.items
  const business = businesses?.find((candidate) => candidate.id === chosen.id) ?? businesses?.[0]
  const workplace = useMemo(
    () => (business && businesses ? { shell, business, businesses, start: chosen.start, select } : null),
    [shell, business, businesses, chosen, select],
  )
  if (list.isPending) {
    return (
      <Center h="100%">
        <Loader size="sm" color="slate" />
      </Center>
    )
  }
  if (!businesses) return <ErrorState what="Your businesses" error={list.error} onRetry={() => void list.refetch()} />
  if (!workplace) return fallback
  return <WorkplaceContext.Provider value={workplace}>{children}</WorkplaceContext.Provider>
}

/** The open vault, its businesses and the one in view. Only inside BusinessProvider. */
export function useWorkplace(): Workplace {
  const workplace = useContext(WorkplaceContext)
  if (!workplace) throw new Error('useWorkplace needs a BusinessProvider around it')
  return workplace
}

/** The business in view. */
export function useBusiness(): Business {
  return useWorkplace().business
}
