import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconLock } from '@tabler/icons-react'
import { passphraseStrength } from '../../../shared/domain/passphrase'
import { callShell } from '../../api/bridge'
import { acceptShellState, useCommand } from '../../api/queries'
import { useWorkplace } from '../../app/BusinessProvider'
import { lockNow } from '../../app/lockNow'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { Section } from '../../components/Page'
import { toast } from '../../components/toasts'
import { ChangeKeys, Locking } from '../vault/Locking'
import { PassphraseStrengthMeter } from '../vault/PassphraseStrengthMeter'
import { RecoveryKit } from '../vault/RecoveryKit'
import { UnlockWays } from '../vault/UnlockWays'
import { words } from './words'

/** Passphrase, locking and closing. A practice world has no passphrase of the owner's. */
export function VaultSection() {
  const { shell } = useWorkplace()
  return (
    <>
      <Section title={words.lock} note={words.lockNote(shell.idleMinutes)}>
        <Button leftSection={<IconLock size={15} />} onClick={lockNow}>
          {words.lockNow}
        </Button>
      </Section>
      {shell.world === 'live' ? (
        <Section title={words.passphrase} note={words.passphraseNote}>
          <PassphraseForm />
        </Section>
      ) : null}
      <UnlockWays />
      {shell.world === 'live' ? <RecoveryKit /> : null}
      <Locking />
      {shell.world === 'live' ? <ChangeKeys /> : null}
      <Section title={words.seal} note={shell.world === 'live' ? words.sealNote.live : words.sealNote.practice}>
        <Button variant="default" onClick={closeVault}>
          {words.sealNow}
        </Button>
      </Section>
    </>
  )
}

function PassphraseForm() {
  const form = useForm({
    initialValues: { byKit: false, current: '', next: '', repeat: '' },
    validate: {
      current: (text) => (text === '' ? words.missing : null),
      next: (text, values) => {
        if (text !== '' && text === values.current) return words.same
        const { acceptable, advice } = passphraseStrength(text)
        return acceptable ? null : (advice[0] ?? words.missing)
      },
      repeat: (text, values) => (text === values.next ? null : words.differs),
    },
  })
  const change = useCommand('vault.changePassphrase', {
    onDone: () => {
      form.reset()
      toast.done(words.changed)
    },
  })
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ byKit, current, next }) =>
        change.mutate({ next, ...(byKit ? { kitCode: current.trim() } : { current }) }),
      )}
    >
      <FormStack>
        {form.values.byKit ? (
          <TextInput label={words.kit} autoComplete="off" spellCheck={false} maxLength={100} {...form.getInputProps('current')} />
        ) : (
          <PasswordInput
            label={words.current}
            autoComplete="current-password"
            maxLength={1024}
            {...form.getInputProps('current')}
          />
        )}
        <Checkbox label={words.lost} {...form.getInputProps('byKit', { type: 'checkbox' })} />
        <PasswordInput label={words.next} autoComplete="new-password" maxLength={1024} {...form.getInputProps('next')} />
        <PassphraseStrengthMeter text={form.values.next} />
        <PasswordInput label={words.repeat} autoComplete="new-password" maxLength={1024} {...form.getInputProps('repeat')} />
        <FailureNote title={words.notChanged} error={change.error} />
        <FormActions>
          <Button type="submit" loading={change.isPending}>
            {words.change}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

function closeVault(): void {
  callShell('shell.closeVault', {}).then(acceptShellState, (error: unknown) => toast.failed(words.seal, error))
}
