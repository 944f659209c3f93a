import { Progress } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { ShellOutput } from '../../../shared/contract/shell'
import { callShell, onBridgeEvent } from '../../api/bridge'
import { Facts } from '../../components/Facts'
import { instantText } from '../../components/format'
import { PassphraseForm } from './PassphraseForm'
import styles from './vault.module.css'
import { words } from './words'

const machineZone = Intl.DateTimeFormat().resolvedOptions().timeZone

interface RestoreVaultProps {
  readonly backup: NonNullable<ShellOutput<'shell.chooseBackup'>['backup']>
  readonly onBack: () => void
}

/** Makes a vault of the chosen backup and opens it. */
export function RestoreVault({ backup, onBack }: RestoreVaultProps) {
  const [percent, setPercent] = useState<number | null>(null)
  useEffect(
    () =>
      onBridgeEvent('vaultProgress', ({ step, done }) => {
        if (step === 'restore') setPercent(done)
      }),
    [],
  )
  return (
    <>
      <button type="button" className={styles.back} onClick={onBack}>
        <IconArrowLeft size={15} aria-hidden="true" /> {words.back}
      </button>
      <h1 className={styles.title}>{words.restoreTitle}</h1>
      <Facts
        items={[
          [words.restoreFile, backup.fileName],
          [words.restoreMade, instantText(backup.createdAt, machineZone)],
          [words.restoreHolds, words.restoreCounts(backup.secrets, backup.entries)],
        ]}
      />
      <p className={styles.note}>{backup.beside ? words.restoreBeside : words.restoreNote}</p>
      <PassphraseForm
        typedOnly
        button={words.restoreButton}
        onProof={async ({ passphrase, kitCode }) => {
          setPercent(0)
          try {
            return await callShell('shell.restoreBackup', { passphrase, kitCode })
          } finally {
            setPercent(null)
          }
        }}
      />
      {percent === null ? null : <Progress value={percent} size="md" radius="xl" aria-label={words.restoring} />}
    </>
  )
}
