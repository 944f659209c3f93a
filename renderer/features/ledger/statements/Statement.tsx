import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorState, LoadingRows } from '../../../components/States'
import { View } from '../view/View'
import { NoFigures } from './NoFigures'
import { SaveCsv } from './SaveCsv'

interface StatementProps<T> {
  readonly title: string
  /** The name under which figures lead back here; the title when left out. */
  readonly crumb?: string
  readonly toolbar: ReactNode
  readonly figures: UseQueryResult<T>
  /** Nothing is booked in this time. */
  readonly empty: boolean
  /** The file that the statement is exported to, without its ending. */
  readonly fileName: string
  readonly lines: () => readonly (readonly string[])[]
  /** The statement itself, once its figures are here. */
  readonly children: (figures: T) => ReactNode
}

/** One statement of the ledger: its time above, its export, and what stands while there are no figures. */
export function Statement<T>(props: StatementProps<T>) {
  const { title, crumb = title, toolbar, figures, empty, fileName, lines, children } = props
  return (
    <View title={title} crumb={crumb} toolbar={toolbar} actions={<SaveCsv fileName={fileName} lines={lines} disabled={empty} />}>
      {figures.isPending ? (
        <LoadingRows />
      ) : figures.isError ? (
        <ErrorState what={title} error={figures.error} onRetry={() => void figures.refetch()} />
      ) : empty ? (
        <NoFigures />
      ) : (
        children(figures.data)
      )}
    </View>
  )
}
