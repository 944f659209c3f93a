import type { ReactNode } from 'react'
import styles from './Facts.module.css'

interface FactsProps {
  readonly items: readonly (readonly [term: string, value: ReactNode] | null)[]
}

/** Terms and values, aligned; null entries are left out. */
export function Facts({ items }: FactsProps) {
  return (
    <dl className={styles.facts}>
      {items.map((item) =>
        item ? (
          <div key={item[0]} className={styles.fact}>
            <dt>{item[0]}</dt>
            <dd>{item[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
