import { useState } from 'react'
import type { Rows } from '../api/pages'

/**
 * The rows of a short list that are shown: some at first, more on request.
 * @param settings.atFirst how many at first
 * @param settings.step how many each request adds
 * @returns `showMore` is null where all are shown
 */
export function useShownRows<T>(
  list: Rows<T>,
  { atFirst, step }: { readonly atFirst: number; readonly step: number },
): { readonly shown: readonly T[]; readonly showMore: (() => void) | null } {
  const [most, setMost] = useState(atFirst)
  const showMore = () => {
    setMost(most + step)
    if (most + step > list.rows.length) list.loadMore()
  }
  return { shown: list.rows.slice(0, most), showMore: most < list.rows.length || list.hasMore ? showMore : null }
}
