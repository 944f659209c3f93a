import { Button, Modal, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import type { Backup } from '../../../shared/contract/backups'
import { runCommand } from '../../api/queries'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { Segments } from '../../components/Segments'
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

/** Restores a backup to a profile of its own. */
export function RestoreBackup({ backup, onClose }: RestoreBackupProps) {
  const [way, setWay] = useState<'passphrase' | 'kit'>('passphrase')
  const [proof, setProof] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (backup !== null) return
    setProof('')
    setProblem(null)
  }, [backup])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (backup === null) return
    if (proof.trim() === '') {
      setProblem(words.restoreMissing)
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      // Not through the query cache: what was typed must not stay there.
      const reply = await runCommand('backups.restore', {
        backupId: backup.id,
        ...(way === 'kit' ? { kitCode: proof.trim() } : { passphrase: proof }),
      })
      onClose()
      if (reply.status !== 'done') toast.waiting(words.waits)
      else toast.done(words.restored(reply.value.profile), words.restoredText(reply.value.secrets, reply.value.entries))
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const field = {
    value: proof,
    'data-autofocus': true,
    autoComplete: 'off',
    onChange: (event: FormEvent<HTMLInputElement>) => setProof(event.currentTarget.value),
  }
  return (
    <Modal opened={backup !== null} onClose={onClose} title={words.restoreTitle} size={460} lockScroll={false}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <FormStack>
          <div>{words.restoreText}</div>
          <Segments label={words.way} value={way} options={ways} onChange={setWay} />
          {way === 'passphrase' ? (
            <PasswordInput label={words.restorePassphrase} maxLength={1024} {...field} />
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
    </Modal>
  )
}
