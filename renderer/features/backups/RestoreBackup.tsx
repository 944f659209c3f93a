import { Button, Modal, TextInput } from '@mantine/core'
import { IconFolderOpen } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Backup } from '../../../shared/contract/backups'
import type { Output } from '../../../shared/contract/index'
import { callShell } from '../../api/bridge'
import { runCommand } from '../../api/queries'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { PasswordField } from '../../components/PasswordField'
import { Segments } from '../../components/Segments'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { words } from './words'

interface RestoreBackupProps {
  /** Null: closed. */
  readonly backup: Backup | null
  readonly onClose: () => void
}

const ways = [
  { value: 'passphrase', label: words.restorePassphrase },
  { value: 'kit', label: words.restoreKit },
] as const

type Restored = Output<'backups.restore'>

/** Restores a backup to a profile of its own, and says where that lies. */
export function RestoreBackup({ backup, onClose }: RestoreBackupProps) {
  const [restored, setRestored] = useState<Restored | null>(null)
  const close = () => {
    setRestored(null)
    onClose()
  }
  return (
    <Modal
      opened={backup !== null}
      onClose={close}
      title={restored === null ? words.restoreTitle : words.restoredTitle}
      size={460}
      lockScroll={false}
      closeOnClickOutside={restored === null}
    >
      {restored !== null ? (
        <Place restored={restored} onClose={close} />
      ) : backup === null ? null : (
        <Proof backup={backup} onRestored={setRestored} onClose={close} />
      )}
    </Modal>
  )
}

interface ProofProps {
  readonly backup: Backup
  readonly onRestored: (restored: Restored) => void
  readonly onClose: () => void
}

function Proof({ backup, onRestored, onClose }: ProofProps) {
  const [way, setWay] = useState<'passphrase' | 'kit'>('passphrase')
  const [proof, setProof] = useState('')
  const [missing, setMissing] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setMissing(proof.trim() === '')
    if (proof.trim() === '') return
    setBusy(true)
    setProblem(null)
    try {
      // Not through the query cache: what was typed must not stay there.
      const reply = await runCommand('backups.restore', {
        backupId: backup.id,
        ...(way === 'kit' ? { kitCode: proof.trim() } : { passphrase: proof }),
      })
      if (reply.status === 'done') return onRestored(reply.value)
      toast.waiting(words.waits)
      onClose()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const field = {
    value: proof,
    error: missing ? words.restoreMissing[way] : null,
    'data-autofocus': true,
    autoComplete: 'off',
    onChange: (event: FormEvent<HTMLInputElement>) => setProof(event.currentTarget.value),
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <FormStack>
        <div>{words.restoreText}</div>
        <Segments label={words.way} value={way} options={ways} onChange={setWay} />
        {way === 'passphrase' ? (
          <PasswordField label={words.restorePassphrase} maxLength={1024} {...field} />
        ) : (
          <TextInput label={words.restoreKit} maxLength={100} spellCheck={false} {...field} />
        )}
        <FailureNote title={words.notRestored} error={problem} />
        <FormActions>
          <Button variant="default" onClick={onClose} disabled={busy}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {words.restoreNow}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

function Place({ restored, onClose }: { readonly restored: Restored; readonly onClose: () => void }) {
  const show = () => callShell('shell.showDataFolder', {}).catch((error: unknown) => toast.failed(words.notShown, error))
  return (
    <FormStack>
      <div role="status">{words.restored(restored.secrets, restored.entries)}</div>
      <div>
        <p className={section.note}>{words.restoredFolder}</p>
        <div className={section.secret}>{restored.profile}</div>
      </div>
      <div>{words.restoredNext}</div>
      <FormActions>
        <Button variant="default" leftSection={<IconFolderOpen size={16} />} onClick={() => void show()}>
          {words.showFolder}
        </Button>
        <Button onClick={onClose} data-autofocus>
          {words.close}
        </Button>
      </FormActions>
    </FormStack>
  )
}
