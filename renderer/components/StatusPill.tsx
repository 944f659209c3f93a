import type { ReactNode } from 'react'
import styles from './StatusPill.module.css'

export type Tone = 'quiet' | 'blue' | 'green' | 'violet' | 'brass' | 'wax'

interface StatusPillProps {
  readonly tone: Tone
  /** The mark before the word, so that states differ in shape too: hollow = not begun, half = under way, full = settled. */
  readonly mark?: 'hollow' | 'half' | 'full' | 'bar'
  readonly children: ReactNode
}

/** One word for a state. Colour, mark and word agree; the word alone is enough. */
export function StatusPill({ tone, mark = 'full', children }: StatusPillProps) {
  return (
    <span className={styles.pill} data-tone={tone}>
      <span className={styles.mark} data-mark={mark} aria-hidden="true" />
      <span className={styles.word}>{children}</span>
    </span>
  )
}
