import { Button } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { CallError, messageOf } from '../api/failure'
import styles from './States.module.css'
import { words } from './words'

interface EmptyStateProps {
  readonly icon: ReactNode
  readonly title: string
  /** What will stand here and what to do next. */
  readonly children: ReactNode
  readonly action?: ReactNode
}

/** A screen with nothing on it yet: it teaches the next step. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className={styles.state} data-state="empty">
      <div className={styles.icon} aria-hidden="true">
        {icon}
      </div>
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.text}>{children}</div>
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  )
}

interface ErrorStateProps {
  /** What failed, as the subject of a sentence: "The invoices". */
  readonly what: string
  readonly error: unknown
  readonly onRetry?: () => void
  readonly compact?: boolean
}

/** What failed, why, and the next step. */
export function ErrorState({ what, error, onRetry, compact = false }: ErrorStateProps) {
  const code = error instanceof CallError ? error.code : null
  const isGone = code === 'not_found'
  return (
    <div className={styles.state} data-state="failed" data-compact={compact || undefined} role="alert">
      <div className={styles.icon} data-tone="wax" aria-hidden="true">
        <IconAlertTriangle size={22} stroke={1.6} />
      </div>
      <h2 className={styles.title}>{isGone ? words.notFound(what) : words.couldNotLoad(what)}</h2>
      <div className={styles.text}>
        {messageOf(error)}
        {code === null || isGone ? null : <span className={styles.code}>{code}</span>}
      </div>
      {onRetry && !isGone ? (
        <div className={styles.action}>
          <Button variant="default" leftSection={<IconRefresh size={15} />} onClick={onRetry}>
            {words.retry}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

/** Rows of a list that is on its way. */
export function LoadingRows({ rows = 8 }: { readonly rows?: number }) {
  return (
    <div className={styles.loading} aria-busy="true" aria-live="polite">
      <span className="ch-visually-hidden">{words.loadingMore}</span>
      {Array.from({ length: rows }, (_, index) => (
        // Skeleton rows have no identity of their own.
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are identical and never reorder
        <div key={index} className={styles.loadingRow}>
          <span data-width="narrow" />
          <span data-width="wide" />
          <span data-width="middle" />
          <span data-width="narrow" />
        </div>
      ))}
    </div>
  )
}
