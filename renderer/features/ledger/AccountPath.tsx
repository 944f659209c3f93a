import { depthOf } from './reports'
import styles from './reports.module.css'

/** An account under its root: "bank:main" with the last part in full ink. */
export function AccountPath({ account }: { readonly account: string }) {
  const parts = account.split(':').slice(1)
  const last = parts.at(-1) ?? account
  const before = parts.slice(0, -1).join(' › ')
  return (
    <span data-depth={depthOf(account)} title={account}>
      {before ? <span className={styles.before}>{before} › </span> : null}
      {last}
    </span>
  )
}
