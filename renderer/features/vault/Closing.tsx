import { Loader } from '@mantine/core'
import { VaultPane } from './VaultPane'
import styles from './vault.module.css'
import { words } from './words'

/** The last thing that a window shows: its process ends as soon as the vault is closed. */
export function Closing() {
  return (
    <VaultPane>
      <div role="status">
        <h1 className={styles.title}>{words.closing}</h1>
        <p className={styles.note}>{words.closingNote}</p>
      </div>
      <Loader size="sm" color="slate" aria-hidden="true" />
    </VaultPane>
  )
}
