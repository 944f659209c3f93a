import { Link } from '@tanstack/react-router'
import type { Output } from '../../../../shared/contract/index'
import { useBusiness } from '../../../app/BusinessProvider'
import { instantText } from '../../../components/format'
import { actorWords, useActorNames } from '../../audit/actors'
import { stepWords } from '../../audit/steps'
import styles from './entry.module.css'
import { words } from './words'

/** The actions that name the entry or its source, each with the way to its row in the activity log. */
export function EntryAudit({ rows }: { readonly rows: Output<'ledger.explain'>['audit'] }) {
  const business = useBusiness()
  const names = useActorNames()
  if (rows.length === 0) return <p className={styles.faint}>{words.noAudit}</p>
  return (
    <ul className={styles.audit}>
      {rows.map((row) => (
        <li key={row.seq}>
          <Link to="/activity" search={{ seq: row.seq, procedure: row.procedure }}>
            {words.row(row.seq)}
          </Link>
          <span className={styles.what} title={stepWords(row.procedure)}>
            {stepWords(row.procedure)}
          </span>
          <span className={styles.faint}>{actorWords(row.actor, names)}</span>
          <span className={styles.faint}>{instantText(row.at, business.timeZone)}</span>
        </li>
      ))}
    </ul>
  )
}
