import type { ReactNode } from 'react'
import styles from './FormStack.module.css'

/** Fields under each other, at even distance. */
export function FormStack({ children }: { readonly children: ReactNode }) {
  return <div className={styles.stack}>{children}</div>
}

/** The buttons that end a form, to the right. */
export function FormActions({ children }: { readonly children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>
}
