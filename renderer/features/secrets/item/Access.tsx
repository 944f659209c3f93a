import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Grant } from '../../../../shared/contract/grants'
import { runCommand, useRead } from '../../../api/queries'
import { distanceText } from '../../../components/format'
import { ErrorState } from '../../../components/States'
import { toast } from '../../../components/toasts'
import { useNow } from '../../../components/useNow'
import { words as common } from '../words'
import styles from './secret.module.css'
import { accessWords as words } from './words'

const most = 50

/** Who else can reach the item, with the way to end it at once. */
export function Access({ secretId }: { readonly secretId: string }) {
  const grants = useRead('grants.list', { secretId, active: true, limit: most })
  return (
    <section>
      <h2>{common.access}</h2>
      {grants.isError ? (
        <ErrorState what={common.access} error={grants.error} onRetry={() => void grants.refetch()} compact />
      ) : !grants.data ? null : grants.data.items.length === 0 ? (
        <p className={styles.quiet}>{words.none}</p>
      ) : (
        <ul className={styles.rows}>
          {grants.data.items.map((grant) => (
            <GrantRow key={grant.id} grant={grant} />
          ))}
        </ul>
      )}
      <Link to="/vault/access" search={{ give: secretId }} className={styles.quiet}>
        {words.give}
      </Link>
    </section>
  )
}

function GrantRow({ grant }: { readonly grant: Grant }) {
  const now = useNow(60_000)
  const [busy, setBusy] = useState(false)
  const revoke = async () => {
    setBusy(true)
    try {
      const outcome = await runCommand('grants.revoke', { grantId: grant.id })
      if (outcome.status === 'done') toast.done(words.revoked(grant.holder))
      else toast.waiting(common.waits, common.waitsText)
    } catch (error) {
      toast.failed(words.notRevoked, error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <li className={styles.row}>
      <span className={styles.rowMain}>
        <strong>{grant.holder}</strong>
        <span className={styles.quiet}>
          {grant.actions.map((action) => words.may[action]).join(', ')}, {words.until(distanceText(grant.expiresAt, now))}
        </span>
      </span>
      <Button
        size="compact-xs"
        variant="default"
        loading={busy}
        aria-label={words.revokeNamed(grant.holder)}
        onClick={() => void revoke()}
      >
        {words.revoke}
      </Button>
    </li>
  )
}
