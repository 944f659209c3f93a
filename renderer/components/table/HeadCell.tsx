// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transform, which table elements do not take
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus; rows are reached through aria-activedescendant
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { Column } from './column'
import styles from './DataTable.module.css'

interface HeadCellProps<T> {
  readonly column: Column<T>
  readonly sorted: 'ascending' | 'descending' | null
  readonly onSort: () => void
}

/** The head of a column; a button where the list can be sorted by it. */
export function HeadCell<T>({ column, sorted, onSort }: HeadCellProps<T>) {
  return (
    <div role="columnheader" className={styles.headCell} data-align={column.align} {...(sorted ? { 'aria-sort': sorted } : {})}>
      {column.sort ? (
        <button type="button" className={styles.sort} onClick={onSort} data-sorted={sorted ?? undefined}>
          {column.head}
          {sorted === 'descending' ? (
            <IconArrowDown size={13} />
          ) : (
            <IconArrowUp size={13} className={sorted ? '' : styles.hint} />
          )}
        </button>
      ) : (
        column.head
      )}
    </div>
  )
}
