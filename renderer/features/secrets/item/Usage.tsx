import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { SecretUse } from '../../../../shared/contract/secrets'
import { useRows } from '../../../api/pages'
import { useBusiness } from '../../../app/BusinessProvider'
import { capital, distanceText, instantText } from '../../../components/format'
import { Section } from '../../../components/Page'
import { ErrorState, LoadingRows } from '../../../components/States'
import { useNow } from '../../../components/useNow'
import { useShownRows } from '../../../components/useShownRows'
import { actorWords, useActorNames } from '../../audit/actors'
import { stepWords } from '../../audit/steps'
import { words as auditWords } from '../../audit/words'
import styles from './secret.module.css'
import { pastWords as words } from './words'

const atFirst = 6

/** Who used the item, when, for what and through which door; each line leads to the row that proves it. */
export function Usage({ secretId }: { readonly secretId: string }) {
  const list = useRows('secrets.usage', { secretId })
  const { shown, showMore } = useShownRows(list, { atFirst, step: 20 })
  return (
    <Section title={words.usage}>
      {list.isLoading ? (
        <LoadingRows rows={3} />
      ) : list.error ? (
        <ErrorState what={words.usage} error={list.error} onRetry={list.refresh} compact />
      ) : shown.length === 0 ? (
        <p className={styles.quiet}>{words.noUsage}</p>
      ) : (
        <ol className={styles.timeline}>
          {shown.map((use) => (
            <UseLine key={`${use.auditSeq} ${use.action} ${use.field ?? ''}`} use={use} />
          ))}
        </ol>
      )}
      {showMore ? (
        <Button size="compact-sm" variant="subtle" onClick={showMore}>
          {words.more}
        </Button>
      ) : null}
    </Section>
  )
}

function UseLine({ use }: { readonly use: SecretUse }) {
  const business = useBusiness()
  const now = useNow(60_000)
  const names = useActorNames()
  const door = auditWords.doors[use.door] ?? use.door
  const went = use.outcome === 'done' || (use.outcome !== 'failed' && words.outcomes[use.outcome] !== undefined)
  const details = [
    use.field === null ? null : words.field(use.field),
    use.host === null ? null : words.to(use.host),
    use.outcome === 'done' ? null : (words.outcomes[use.outcome] ?? words.refused),
  ].filter((part) => part !== null)
  return (
    <li data-action={use.action} data-failed={went ? undefined : true}>
      <div className={styles.moment}>
        <span>
          <strong>{use.action === 'rotated' && use.outcome !== 'done' ? words.rotation : words.uses[use.action]}</strong>
          {details.length > 0 ? <span className={styles.detail}> · {details.join(' · ')}</span> : null}
        </span>
        <Link
          to="/activity"
          search={{ seq: use.auditSeq }}
          className={styles.when}
          title={instantText(use.at, business.timeZone)}
          aria-label={`${distanceText(use.at, now)}. ${words.row(use.auditSeq)}`}
        >
          {capital(distanceText(use.at, now))}
        </Link>
      </div>
      <div className={styles.detail}>
        {actorWords(use.actor, names)} · {door} · {stepWords(use.procedure)}
      </div>
    </li>
  )
}
