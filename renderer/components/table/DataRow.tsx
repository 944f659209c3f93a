// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transform, which table elements do not take
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus; rows are reached through aria-activedescendant
import { type MouseEvent, memo } from 'react'
import type { Column } from './column'
import styles from './DataTable.module.css'

/** Every row has this height, so that a list of any length is placed without measuring. */
export const rowHeight = 40

interface DataRowProps<T> {
  readonly id: string
  readonly row: T
  readonly columns: readonly Column<T>[]
  readonly index: number
  readonly offset: number
  readonly active: boolean
  readonly open: boolean
  readonly onOpen: ((row: T) => void) | undefined
  /** Hears that the pointer took this row: the keyboard goes on from it. */
  readonly onTake: (index: number) => void
}

function Row<T>({ id, row, columns, index, offset, active, open, onOpen, onTake }: DataRowProps<T>) {
  const onClick = (event: MouseEvent) => {
    const inner = event.target instanceof Element && event.target.closest('a, button')
    if (inner || window.getSelection()?.isCollapsed === false) return
    onTake(index)
    onOpen?.(row)
  }
  return (
    // The grid holds the focus and its keys; a row is reached through aria-activedescendant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid that owns the rows
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      className={styles.row}
      data-active={active || undefined}
      data-open={open || undefined}
      data-clickable={onOpen ? true : undefined}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={onClick}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={styles.cell} data-align={column.align}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

export const DataRow = memo(Row) as typeof Row
