// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transform, which table elements do not take
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus; rows are reached through aria-activedescendant
import { useMediaQuery } from '@mantine/hooks'
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { Rows } from '../../api/pages'
import { useShortcut } from '../../app/shortcuts'
import { ErrorState, LoadingRows } from '../States'
import type { Column } from './column'
import styles from './DataTable.module.css'
import { GridRows, type RowsHandle } from './GridRows'
import { HeadCell } from './HeadCell'
import { TableFoot } from './TableFoot'
import { useLoadAll } from './useLoadAll'

interface DataTableProps<T> {
  /** What the list holds, for its accessible name: "Invoices". */
  readonly label: string
  readonly list: Rows<T>
  readonly columns: readonly Column<T>[]
  readonly rowId: (row: T) => string
  /** Opens a row by click or Enter. */
  readonly onOpen?: (row: T) => void
  readonly empty: ReactNode
  /** Marks the row whose details are open. */
  readonly openId?: string | undefined
  /** Hears which row the keyboard is on; a function that stays the same. */
  readonly onActive?: (row: T | undefined) => void
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
const pageStep = 12
const narrowWindow = '(max-width: 1100px)'

/** A list of any length: rows in view only, sorted on demand, moved through by keyboard. */
export function DataTable<T extends object>({
  label,
  list,
  columns: every,
  rowId,
  onOpen,
  empty,
  openId,
  onActive,
}: DataTableProps<T>) {
  const narrow = useMediaQuery(narrowWindow, false, { getInitialValueInEffect: false })
  const columns = useMemo(() => (narrow ? every.filter((column) => !column.wide) : every), [every, narrow])
  const [sorting, setSorting] = useState<SortingState>([])
  const [active, setActive] = useState(-1)
  // State, not a ref: the rows are children of this element and must hear when it is there.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const shown = useRef<RowsHandle>(null)
  const gridId = useId()
  const all = useLoadAll(list)

  const definitions = useMemo<ColumnDef<typeof features, T>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.head,
        accessorFn: (row: T) => column.sort?.(row) ?? '',
        enableSorting: column.sort !== undefined,
        sortFn: compareBy(column),
      })),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: list.rows,
    getRowId: rowId,
    state: { sorting },
    onSortingChange: setSorting,
  })
  const { rows } = table.getRowModel()
  const { hasMore, loadMore } = list
  const activeRow = rows[active]?.original
  useEffect(() => onActive?.(activeRow), [onActive, activeRow])
  // One inherited value for all rows instead of a style on each.
  const tracks = { '--columns': columns.map((column) => column.width).join(' ') } as CSSProperties
  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to))
    setActive(next)
    shown.current?.show(next)
    scroller?.focus({ preventScroll: true })
  }
  const open = (index: number) => {
    const row = rows[index]
    if (row && onOpen) onOpen(row.original)
  }
  useShortcut('j', 'Next row', () => move(active + 1))
  useShortcut('k', 'Previous row', () => move(active - 1))

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + pageStep,
      PageUp: active - pageStep,
      Home: 0,
      End: rows.length - 1,
    }
    const to = steps[event.key]
    if (to !== undefined) {
      event.preventDefault()
      move(to)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      open(active)
    }
  }

  const sortBy = async (id: string) => {
    const current = sorting[0]
    const next: SortingState = current?.id !== id ? [{ id, desc: false }] : current.desc ? [] : [{ id, desc: true }]
    if (next.length > 0 && list.hasMore && !(await all.run())) return
    setSorting(next)
    shown.current?.toTop()
  }

  if (list.isLoading) return <LoadingRows rows={10} />
  if (list.error && list.rows.length === 0) return <ErrorState what={label} error={list.error} onRetry={list.refresh} />
  if (list.rows.length === 0) return <div className={styles.empty}>{empty}</div>

  return (
    <div className={styles.frame}>
      <div
        ref={setScroller}
        className={styles.scroller}
        style={tracks}
        role="grid"
        aria-label={label}
        aria-rowcount={list.hasMore ? -1 : rows.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={rows[active] ? `${gridId}-${active}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.target === event.currentTarget && setActive((current) => Math.max(0, current))}
      >
        <div className={styles.wide} role="presentation">
          <div className={styles.head} role="row" aria-rowindex={1}>
            {columns.map((column) => {
              const sorted = sorting[0]?.id === column.id ? (sorting[0].desc ? 'descending' : 'ascending') : null
              return <HeadCell key={column.id} column={column} sorted={sorted} onSort={() => void sortBy(column.id)} />
            })}
          </div>
          <GridRows
            ref={shown}
            scroller={scroller}
            gridId={gridId}
            rows={rows}
            columns={columns}
            active={active}
            openId={openId}
            onOpen={onOpen}
            onTake={setActive}
            onNearEnd={hasMore ? loadMore : undefined}
          />
        </div>
      </div>
      <TableFoot
        list={list}
        shown={rows.length}
        loadingAll={all.rows}
        onStop={all.stop}
        onRefresh={() => {
          all.stop()
          setSorting([])
          list.refresh()
          shown.current?.toTop()
        }}
      />
    </div>
  )
}

const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

function compareBy<T>(column: Column<T>) {
  const value = column.sort
  return (a: { original: T }, b: { original: T }): number => {
    const left = value?.(a.original) ?? ''
    const right = value?.(b.original) ?? ''
    if (typeof left === 'number' && typeof right === 'number') return left - right
    return words.compare(String(left), String(right))
  }
}
