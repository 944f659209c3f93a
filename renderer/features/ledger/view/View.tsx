import type { ReactNode } from 'react'
import { Follow } from './Follow'
import { TrailBack } from './TrailBack'
import styles from './view.module.css'

interface ViewProps {
  /** What the view is called: its heading, and the way back to it. */
  readonly title: string
  /** The name under which figures lead back here; the title when left out. */
  readonly crumb?: string
  readonly toolbar: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** One view of the ledger under its tab: toolbar, content. */
export function View({ title, crumb = title, toolbar, actions, children }: ViewProps) {
  return (
    <Follow label={crumb}>
      <h2 className="ch-visually-hidden">{title}</h2>
      <TrailBack />
      <div className={styles.toolbar}>
        {toolbar}
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
      {children}
    </Follow>
  )
}

interface PaperProps {
  /** Softened while figures of another time are on their way. */
  readonly stale?: boolean
  readonly children: ReactNode
}

/** What stands in a view that has nothing to list: an empty state in the middle. */
export function Blank({ children }: { readonly children: ReactNode }) {
  return <div className={styles.state}>{children}</div>
}

/** A statement that scrolls under its toolbar. */
export function Paper({ stale = false, children }: PaperProps) {
  return (
    <div className={styles.paper} data-stale={stale || undefined}>
      {children}
    </div>
  )
}
