import styles from './figures.module.css'

/** An account by its path, its root quiet: the rest is what tells accounts of one type apart. */
export function AccountPath({ account, bare = false }: { readonly account: string; readonly bare?: boolean }) {
  const cut = account.indexOf(':') + 1
  return (
    <span className={styles.path}>
      {bare ? null : <span className={styles.root}>{account.slice(0, cut)}</span>}
      {account.slice(cut)}
    </span>
  )
}
