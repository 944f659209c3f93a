import { Button, Checkbox } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import { callShell } from '../../api/bridge'
import { acceptShellState } from '../../api/queries'
import { FailureNote } from '../../components/FailureNote'
import { PasswordField } from '../../components/PasswordField'
import { PassphraseStrengthMeter, passphraseProblem } from './PassphraseStrengthMeter'
import { PaneHead } from './VaultPane'
import styles from './vault.module.css'
import { words } from './words'

/** Chooses the passphrase of a new vault, with advice, and creates it. */
export function CreateVault({ onBack }: { readonly onBack: () => void }) {
  const [failure, setFailure] = useState<unknown>(null)
  const form = useForm({
    initialValues: { passphrase: '', repeat: '', understood: false },
    validate: {
      passphrase: passphraseProblem,
      repeat: (text, values) => (text === values.passphrase ? null : words.differs),
      understood: (yes) => (yes ? null : words.mustUnderstand),
    },
  })
  const submit = form.onSubmit(async ({ passphrase }) => {
    setFailure(null)
    try {
      acceptShellState(await callShell('shell.createVault', { passphrase }))
    } catch (error) {
      setFailure(error)
    }
  })
  return (
    <form onSubmit={submit} className={styles.form} noValidate>
      <button type="button" className={styles.back} onClick={onBack}>
        <IconArrowLeft size={15} aria-hidden="true" /> {words.back}
      </button>
      <PaneHead title={words.createTitle}>{words.createNote}</PaneHead>
      <PasswordField
        label={words.passphrase}
        autoComplete="new-password"
        data-autofocus
        autoFocus
        size="md"
        maxLength={1024}
        {...form.getInputProps('passphrase')}
      />
      <PassphraseStrengthMeter text={form.values.passphrase} />
      <PasswordField
        label={words.repeat}
        autoComplete="new-password"
        size="md"
        maxLength={1024}
        {...form.getInputProps('repeat')}
      />
      <Checkbox label={words.understood} {...form.getInputProps('understood', { type: 'checkbox' })} />
      <FailureNote title={words.notCreated} error={failure} />
      <Button type="submit" size="md" loading={form.submitting} fullWidth>
        {words.createButton}
      </Button>
      {form.submitting ? (
        <p className={styles.note} role="status">
          {words.creating}
        </p>
      ) : null}
    </form>
  )
}
