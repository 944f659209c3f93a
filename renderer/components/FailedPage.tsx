import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Page } from './Page'
import { ErrorState } from './States'

interface FailedPageProps {
  /** What the page would show, in the singular: "Invoice". */
  readonly what: string
  readonly query: Pick<UseQueryResult, 'error' | 'refetch'>
  /** The way back, as the page itself has it. */
  readonly back: ReactNode
}

/** The page of one thing that could not be read, with the way back. */
export function FailedPage({ what, query, back }: FailedPageProps) {
  return (
    <Page title={what} back={back}>
      <ErrorState what={what} error={query.error} onRetry={() => void query.refetch()} />
    </Page>
  )
}
