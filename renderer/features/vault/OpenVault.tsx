import { IconArrowLeft } from '@tabler/icons-react'
import { openLive, PassphraseForm } from './PassphraseForm'
import { PaneHead } from './VaultPane'
import styles from './vault.module.css'
import { words } from './words'

/** Opens the live vault of this machine. */
export function OpenVault({ onBack }: { readonly onBack: () => void }) {
  return (
    <>
      <button type="button" className={styles.back} onClick={onBack}>
        <IconArrowLeft size={15} aria-hidden="true" /> {words.back}
      </button>
      <PaneHead title={words.openTitle}>{words.openNote}</PaneHead>
      <PassphraseForm onProof={openLive} button={words.openButton} />
    </>
  )
}
