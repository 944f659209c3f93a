import { Button, Modal } from '@mantine/core'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { PasswordField } from '../../components/PasswordField'
import { words } from './securityWords'

interface AskPassphraseProps {
  readonly opened: boolean
  readonly title: string
  readonly text: string
  readonly button: string
  readonly failed: string
  /** Runs with what was typed; a throw is shown here. */
  readonly onSubmit: (passphrase: string) => Promise<void>
  readonly onClose: () => void
  readonly children?: ReactNode
}

/** Asks for the passphrase once more before a step that changes what opens the vault. It is forgotten as soon as the dialog closes. */
export function AskPassphrase({ opened, title, text, button, failed, onSubmit, onClose, children }: AskPassphraseProps) {
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (opened) return
    setPassphrase('')
    setProblem(null)
    setError(null)
  }, [opened])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (passphrase === '') {
      setProblem(words.passphraseMissing)
      return
    }
    setBusy(true)
    setError(null)
    try {
      await onSubmit(passphrase)
      setPassphrase('')
    } catch (caught) {
      setError(caught)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={440} lockScroll={false} closeOnClickOutside={!busy}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <FormStack>
          <div>{text}</div>
          <PasswordField
            label={words.passphrase}
            autoComplete="current-password"
            data-autofocus
            maxLength={1024}
            value={passphrase}
            error={problem}
            onChange={(event) => {
              setProblem(null)
              setPassphrase(event.currentTarget.value)
            }}
          />
          {children}
          <FailureNote title={failed} error={error} />
          <FormActions>
            <Button variant="default" onClick={onClose} disabled={busy}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={busy}>
              {button}
            </Button>
          </FormActions>
        </FormStack>
      </form>
    </Modal>
  )
}
