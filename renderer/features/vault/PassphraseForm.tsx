import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import type { World } from '../../../shared/contract/shell'
import { callShell } from '../../api/bridge'
import { messageOf } from '../../api/failure'
import { acceptShellState } from '../../api/queries'
import styles from './vault.module.css'
import { words } from './words'

interface PassphraseFormProps {
  readonly world: World
  readonly button: string
}

/** Asks for the passphrase and opens or unlocks a vault with it. */
export function PassphraseForm({ world, button }: PassphraseFormProps) {
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (passphrase === '') {
      setProblem(words.missing)
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      acceptShellState(await callShell('shell.openVault', { passphrase, world }))
    } catch (error) {
      setProblem(messageOf(error))
      field.current?.select()
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className={styles.form} noValidate>
      <PasswordInput
        ref={field}
        label={words.passphrase}
        autoComplete="current-password"
        autoFocus
        size="md"
        maxLength={1024}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        error={problem}
      />
      <Button type="submit" size="md" loading={busy} fullWidth>
        {button}
      </Button>
    </form>
  )
}
