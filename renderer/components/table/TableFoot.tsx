import { Loader } from '@mantine/core'
import type { Rows } from '../../api/pages'
import { words } from '../words'
import styles from './DataTable.module.css'

interface TableFootProps<T> {
  readonly list: Rows<T>
  readonly shown: number
  /** Rows read so far while the whole list is being read; null otherwise. */
  readonly loadingAll: number | null
  readonly onStop: () => void
  readonly onRefresh: () => void
}

/** How much of the list is here, and what it is doing. */
export function TableFoot<T>({ list, shown, loadingAll, onStop, onRefresh }: TableFootProps<T>) {
  return (
    <div className={styles.foot} aria-live="polite">
      <span className="ch-figures">
        {loadingAll === null ? words.rowCount(shown, list.hasMore) : words.sortNeedsAll(loadingAll)}
      </span>
      {loadingAll === null ? null : (
        <button type="button" className={styles.footAction} onClick={onStop}>
          {words.stop}
        </button>
      )}
      {list.isLoadingMore && loadingAll === null ? (
        <span className={styles.footBusy}>
          <Loader size={12} color="slate" /> {words.loadingMore}
        </span>
      ) : null}
      {list.changed ? (
        <button type="button" className={styles.footAction} onClick={onRefresh}>
          {words.listChanged} · {words.showNewest}
        </button>
      ) : null}
    </div>
  )
}
