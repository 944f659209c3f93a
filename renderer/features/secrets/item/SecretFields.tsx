import { ActionIcon, Tooltip } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import type { Secret, SecretField } from '../../../../shared/contract/secrets'
import { CopyIcon } from '../../../components/CopyText'
import { dateText } from '../../../components/format'
import { isHidden } from '../kinds'
import { openAddress } from '../secretActions'
import { HiddenField } from './HiddenField'
import styles from './secret.module.css'
import type { Revealed } from './useRevealed'
import { words } from './words'

interface SecretFieldsProps {
  readonly secret: Secret
  readonly revealed: Revealed
}

/** The fields of an item in their order. */
export function SecretFields({ secret, revealed }: SecretFieldsProps) {
  const filled = secret.fields.filter((field) => field.filled)
  if (filled.length === 0) return <p className={styles.quiet}>{words.noFields}</p>
  return (
    <dl className={styles.fields}>
      {filled.map((field) => (
        <div key={field.name} className={styles.field}>
          <dt>{field.name}</dt>
          <dd>
            {isHidden(field.type) ? (
              <HiddenField secretId={secret.id} field={field} revealed={revealed} />
            ) : (
              <OpenField field={field} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function OpenField({ field }: { readonly field: SecretField }) {
  const text = field.value ?? ''
  const host = field.type === 'url' && URL.canParse(text) ? new URL(text).host : null
  return (
    <div className={styles.hidden}>
      <div className={field.type === 'multiline' ? styles.lines : styles.value}>
        {field.type === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(text) ? dateText(text) : text}
      </div>
      <div className={styles.tools}>
        {host === null ? null : (
          <Tooltip label={words.openAddress(host)}>
            <ActionIcon aria-label={words.openAddress(host)} onClick={() => openAddress(text)}>
              <IconExternalLink size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
        {text === '' || text.length > 4000 ? null : <CopyIcon text={text} label={words.copy(field.name)} />}
      </div>
    </div>
  )
}
