import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './Notice.module.css'

interface NoticeProps {
  /** `problem`: something went wrong or will; `note`: something to know. */
  readonly tone?: 'problem' | 'note'
  /** Read out at once when it appears. */
  readonly alert?: boolean
  readonly icon?: boolean
  /** Where it stands: its distance to what is around it. */
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** A short text that stands out from what is around it. */
export function Notice({ tone = 'problem', alert = false, icon = true, className = '', children }: NoticeProps) {
  const Icon = tone === 'problem' ? IconAlertTriangle : IconInfoCircle
  return (
    <div className={`${styles.notice} ${className}`} data-tone={tone} role={alert ? 'alert' : undefined}>
      {icon ? <Icon size={17} stroke={1.8} aria-hidden="true" /> : null}
      <div>{children}</div>
    </div>
  )
}
