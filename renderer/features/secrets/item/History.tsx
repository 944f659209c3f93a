import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Secret, SecretField, SecretVersion } from '../../../../shared/contract/secrets'
import { useRows } from '../../../api/pages'
import { useBusiness } from '../../../app/BusinessProvider'
import { distanceText, instantText } from '../../../components/format'
import { Section } from '../../../components/Page'
import { ErrorState, LoadingRows } from '../../../components/States'
import { StatusPill } from '../../../components/StatusPill'
import { useNow } from '../../../components/useNow'
import { useShownRows } from '../../../components/useShownRows'
import { actorWords, useActorNames } from '../../audit/actors'
import { isHidden } from '../kinds'
import { restoreVersion } from '../secretActions'
import { HiddenField } from './HiddenField'
import styles from './secret.module.css'
import { useRevealed } from './useRevealed'
import { pastWords as words } from './words'

const atFirst = 5

/** The versions of an item, which fields each one changed, and the way back to one. */
export function History({ secret }: { readonly secret: Secret }) {
  const list = useRows('secrets.history', { secretId: secret.id })
  const { shown, showMore } = useShownRows(list, { atFirst, step: 20 })
  return (
    <Section title={words.history}>
      {list.isLoading ? (
        <LoadingRows rows={2} />
      ) : list.error ? (
        <ErrorState what={words.history} error={list.error} onRetry={list.refresh} compact />
      ) : (
        <ol className={styles.versions}>
          {shown.map((version) => (
            <VersionRow key={version.version} secret={secret} version={version} />
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

function VersionRow({ secret, version }: { readonly secret: Secret; readonly version: SecretVersion }) {
  const business = useBusiness()
  const now = useNow(60_000)
  const [busy, setBusy] = useState(false)
  const [opened, setOpened] = useState(false)
  const then = secret.fields.filter(
    (field) => isHidden(field.type) && (version.version === 1 || version.changed.includes(field.name)),
  )
  const isCurrent = version.version === secret.version
  const names = useActorNames()
  const changed =
    version.version === 1
      ? words.first
      : version.changed.length > 0
        ? words.changedFields(version.changed.join(', '))
        : words.changedOther
  const restore = async () => {
    setBusy(true)
    await restoreVersion(
      secret.id,
      secret.version,
      version.version,
      { done: words.restored(version.version), failed: words.notRestored },
      { done: words.undone, failed: words.notRestored },
    )
    setBusy(false)
  }
  return (
    <li className={styles.row}>
      <span className={styles.rowMain}>
        <span className={styles.versionHead}>
          <strong>{words.version(version.version)}</strong>
          {isCurrent ? (
            <StatusPill tone="green" mark="full">
              {words.current}
            </StatusPill>
          ) : null}
          {version.title === secret.title ? null : <span className={styles.detail}>“{version.title}”</span>}
        </span>
        <span>{changed}</span>
        <span className={styles.detail} title={instantText(version.at, business.timeZone)}>
          {words.by(actorWords(version.actor, names), distanceText(version.at, now))}
        </span>
      </span>
      {isCurrent || secret.deletedAt !== null || then.length === 0 ? null : (
        <Button size="compact-sm" variant="subtle" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {opened ? words.hideThen : words.showThen}
        </Button>
      )}
      {isCurrent || secret.deletedAt !== null ? null : (
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          aria-label={words.restoreNumber(version.version)}
          onClick={() => void restore()}
        >
          {words.restore}
        </Button>
      )}
      {opened ? <ValuesThen secret={secret} version={version.version} fields={then} /> : null}
    </li>
  )
}

interface ValuesThenProps {
  readonly secret: Secret
  readonly version: number
  readonly fields: readonly SecretField[]
}

/** The hidden values that a version brought, looked at as those in use are. */
function ValuesThen({ secret, version, fields }: ValuesThenProps) {
  const revealed = useRevealed(secret.id, version)
  return (
    <dl className={styles.then}>
      {fields.map((field) => (
        <div key={field.name} className={styles.field}>
          <dt>{field.name}</dt>
          <dd>
            <HiddenField secretId={secret.id} field={field} revealed={revealed} copyable={false} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
