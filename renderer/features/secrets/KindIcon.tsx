import type { SecretKind } from '../../../shared/contract/secrets'
import styles from './KindIcon.module.css'
import { kindIcons } from './kinds'
import { words } from './words'

interface KindIconProps {
  readonly kind: SecretKind
  readonly large?: boolean
}

/** The tile that tells one kind from another; named, since colour and sign alone would not be read out. */
export function KindIcon({ kind, large = false }: KindIconProps) {
  const Icon = kindIcons[kind]
  return (
    <span
      className={styles.tile}
      data-large={large || undefined}
      role="img"
      aria-label={words.kinds[kind]}
      title={words.kinds[kind]}
    >
      <Icon size={large ? 20 : 15} stroke={1.7} aria-hidden="true" />
    </span>
  )
}
