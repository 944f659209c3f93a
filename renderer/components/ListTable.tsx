import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Rows } from '../api/pages'
import styles from './ListTable.module.css'
import { ErrorState, LoadingRows } from './States'
import { useShownRows } from './useShownRows'
import { words } from './words'

interface ListTableProps<T> {
  /** What the list holds, as the subject of a sentence: "Backups". */
  readonly what: string
  readonly list: Rows<T>
  /** What is said where there is nothing. */
  readonly none: ReactNode
  readonly heads: readonly string[]
  /** The last column holds buttons: its head is for those who cannot see that. */
  readonly actions?: boolean
  readonly rowId: (row: T) => string
  /** A row's cells, in the order of the heads; the first names the row. */
  readonly cells: (row: T) => readonly ReactNode[]
  /** Rows at first; the others come on request. */
  readonly atFirst?: number
}

const moreRows = 100

/** A short list inside a page: everything that is there, under plain heads. Long lists are a DataTable. */
export function ListTable<T>({ what, list, none, heads, actions = false, rowId, cells, atFirst = 50 }: ListTableProps<T>) {
  const { shown, showMore } = useShownRows(list, { atFirst, step: moreRows })
  if (list.error) return <ErrorState what={what} error={list.error} onRetry={list.refresh} compact />
  if (list.isLoading) return <LoadingRows rows={3} />
  if (list.rows.length === 0) return <p className={styles.none}>{none}</p>
  return (
    <>
      <table className={styles.table} aria-label={what}>
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={head} scope="col">
                {actions && index === heads.length - 1 ? <span className="ch-visually-hidden">{head}</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => {
            const [name, ...others] = cells(row)
            return (
              <tr key={rowId(row)}>
                <th scope="row">{name}</th>
                {others.map((cell, index) => (
                  <td key={heads[index + 1]}>{cell}</td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {showMore ? (
        <Button className={styles.more ?? ''} variant="default" size="xs" onClick={showMore} loading={list.isLoadingMore}>
          {words.showMore}
        </Button>
      ) : null}
    </>
  )
}
