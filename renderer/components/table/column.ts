import type { ReactNode } from 'react'

/** One column of a list. */
export interface Column<T> {
  readonly id: string
  readonly head: string
  /** CSS grid track: "120px", "minmax(160px, 1fr)". */
  readonly width: string
  readonly align?: 'start' | 'end'
  /** Left out where the window is narrow; still exported. */
  readonly wide?: true
  readonly cell: (row: T) => ReactNode
  /** Present where sorting by this column makes sense. */
  readonly sort?: (row: T) => string | number
  /** What an export holds; a column without it is not exported. */
  readonly csv?: (row: T) => string | Promise<string>
}
