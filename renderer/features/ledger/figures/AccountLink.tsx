import { FollowLink } from '../view/Follow'
import { registerHref } from '../view/links'
import { AccountPath } from './AccountPath'
import styles from './figures.module.css'

interface AccountLinkProps {
  readonly account: string
  /** Leads to the postings in this currency only. */
  readonly currency?: string
  /** Leaves out the root of the path. */
  readonly bare?: boolean
}

/** An account that leads to its register, and its whole row with it. Only inside Follow. */
export function AccountLink({ account, currency, bare = false }: AccountLinkProps) {
  return (
    <FollowLink href={registerHref({ account, currency })} className={`${styles.figure} ${styles.ofRow}`}>
      <AccountPath account={account} bare={bare} />
    </FollowLink>
  )
}
