// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transform, which table elements do not take
import { useVirtualizer } from '@tanstack/react-virtual'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import type { Column } from './column'
import { DataRow, rowHeight } from './DataRow'
import styles from './DataTable.module.css'
import { orderOfPlaces } from './rowPlaces'

/** What the table asks of its rows. */
export interface RowsHandle {
  readonly show: (index: number) => void
  readonly toTop: () => void
}

interface GridRow<T> {
  readonly id: string
  readonly original: T
}

interface GridRowsProps<T> {
  readonly ref: Ref<RowsHandle>
  readonly scroller: HTMLDivElement | null
  readonly gridId: string
  readonly rows: readonly GridRow<T>[]
  readonly columns: readonly Column<T>[]
  readonly active: number
  readonly openId: string | undefined
  readonly onOpen: ((row: T) => void) | undefined
  readonly onTake: (index: number) => void
  /** Asks for more when the reader comes near the end; undefined when all is here. */
  readonly onNearEnd: (() => void) | undefined
}

/** Rows from the end at which the next page is asked for: about three screens. */
const readAhead = 80
const overscan = 2

/**
 * The rows in view. Only this part renders while scrolling; a row that leaves gives its place in the page to one that comes, so that
 * scrolling changes texts and makes and moves no elements. They are put in the order of the rows, for those who read the page and do not see
 * it, once scrolling rests.
 */
export function GridRows<T>(props: GridRowsProps<T>) {
  const { ref, scroller, gridId, rows, columns, active, openId, onOpen, onTake, onNearEnd } = props
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan,
    paddingStart: rowHeight,
    scrollPaddingStart: rowHeight,
  })
  const items = virtualizer.getVirtualItems()
  const lastSeen = items.at(-1)?.index ?? 0
  const places = useRef(1)
  places.current = Math.max(places.current, items.length)
  const inPlaces = new Map(items.map((item) => [item.index % places.current, item]))
  const order = useRef<readonly number[]>([])
  order.current = orderOfPlaces(order.current, [...inPlaces.keys()], virtualizer.isScrolling)

  useImperativeHandle(
    ref,
    () => ({
      show: (index) => virtualizer.scrollToIndex(index),
      toTop: () => virtualizer.scrollToOffset(0),
    }),
    [virtualizer],
  )
  useEffect(() => {
    if (onNearEnd && lastSeen >= rows.length - readAhead) onNearEnd()
  }, [lastSeen, onNearEnd, rows.length])

  return (
    <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() - rowHeight }}>
      {order.current.map((place) => {
        const item = inPlaces.get(place)
        const row = item && rows[item.index]
        if (!row) return null
        return (
          <DataRow
            key={place}
            id={`${gridId}-${item.index}`}
            row={row.original}
            columns={columns}
            index={item.index}
            offset={item.start - rowHeight}
            active={item.index === active}
            open={openId === row.id}
            onOpen={onOpen}
            onTake={onTake}
          />
        )
      })}
    </div>
  )
}
