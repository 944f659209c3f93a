import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import type { ShellInput, ShellState } from '../../../shared/contract/shell'
import { callShell } from '../../api/bridge'
import { messageOf } from '../../api/failure'
import { acceptShellState, useShellState } from '../../api/queries'
import { PasswordField } from '../../components/PasswordField'
import { askPasskey } from './passkey'
import { QuietAction } from './VaultPane'
import styles from './vault.module.css'
import { words } from './words'

interface PassphraseFormProps {
  readonly button: string
  /** Gives the proof to main; a throw is shown at the field. */
  readonly onProof: (proof: Proof) => Promise<ShellState>
  /** Offers only what can be typed: this machine knows nothing else of the vault. */
  readonly typedOnly?: boolean
}

type Proof = Omit<ShellInput<'shell.openVault'>, 'world'>

/** Opens or unlocks the live vault of this machine. */
export const openLive = (proof: Proof): Promise<ShellState> => callShell('shell.openVault', { ...proof, world: 'live' })

/** Asks for the passphrase, or another way that the owner set up, and opens a vault with it. */
export function PassphraseForm({ button, onProof, typedOnly = false }: PassphraseFormProps) {
  const shell = useShellState()
  const [way, setWay] = useState<'passphrase' | 'kit'>('passphrase')
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const live = shell.data?.existingVaults.find(({ id }) => id === 'live')
  const opensWith = typedOnly ? { kit: true, keychain: false, passkeys: [] } : live?.opensWith

  const open = async (ask: () => Promise<Proof> | Proof) => {
    setBusy(true)
    setProblem(null)
    try {
      acceptShellState(await onProof(await ask()))
    } catch (error) {
      setProblem(messageOf(error))
      field.current?.select()
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim() === '') setProblem(words.missing)
    else void open(() => (way === 'kit' ? { kitCode: typed.trim() } : { passphrase: typed }))
  }
  const change = (next: 'passphrase' | 'kit') => {
    setWay(next)
    setTyped('')
    setProblem(null)
  }
  const input = {
    size: 'md' as const,
    autoFocus: true,
    value: typed,
    error: problem,
    onChange: (event: FormEvent<HTMLInputElement>) => setTyped(event.currentTarget.value),
  }
  return (
    <form onSubmit={submit} className={styles.form} noValidate>
      {way === 'passphrase' ? (
        <PasswordField ref={field} label={words.passphrase} autoComplete="current-password" maxLength={1024} {...input} />
      ) : (
        <TextInput
          ref={field}
          label={words.kitCode}
          description={words.kitCodeNote}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          {...input}
        />
      )}
      <Button type="submit" size="md" loading={busy} fullWidth>
        {button}
      </Button>
      <div className={styles.ways}>
        {way === 'kit' ? (
          <QuietAction onClick={() => change('passphrase')}>{words.usePassphrase}</QuietAction>
        ) : opensWith?.kit ? (
          <QuietAction onClick={() => change('kit')}>{words.useKit}</QuietAction>
        ) : null}
        {shell.data?.runtime === 'electron' && opensWith?.keychain ? (
          <QuietAction onClick={() => void open(() => ({ keychain: true }))}>{words.useKeychain}</QuietAction>
        ) : null}
        {passkeysWork && opensWith !== undefined && opensWith.passkeys.length > 0 ? (
          <QuietAction onClick={() => void open(async () => ({ passkey: await askPasskey() }))}>{words.usePasskey}</QuietAction>
        ) : null}
      </div>
    </form>
  )
}

/** Whether this page may ask an authenticator at all: browsers refuse it for addresses that are no web origin. */
const passkeysWork = typeof PublicKeyCredential !== 'undefined' && /^https?:$/.test(window.location.protocol)
