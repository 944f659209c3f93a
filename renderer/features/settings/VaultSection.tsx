import { Button, Checkbox, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { callShell } from '../../api/bridge'
import { acceptShellState, useCommand } from '../../api/queries'
import { useWorkplace } from '../../app/BusinessProvider'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { Section } from '../../components/Page'
import { PasswordField } from '../../components/PasswordField'
import { toast } from '../../components/toasts'
import { ChangeKeys, Locking } from '../vault/Locking'
import { PassphraseStrengthMeter, passphraseProblem } from '../vault/PassphraseStrengthMeter'
import { RecoveryKit } from '../vault/RecoveryKit'
import { UnlockWays } from '../vault/UnlockWays'
import { words } from './words'

/** Passphrase, locking and closing. A practice world has no passphrase of the owner's. */
export function VaultSection() {
  const { shell } = useWorkplace()
  return (
    <>
      <Locking />
      <UnlockWays />
      {shell.world === 'live' ? <OfOwner /> : null}
      <Section title={words.seal} note={shell.world === 'live' ? words.sealNote.live : words.sealNote.practice}>
        <Button variant="default" onClick={closeVault}>
          {words.sealNow}
        </Button>
      </Section>
    </>
  )
}

/** What a practice world, whose passphrase is known to everybody, has no use for. */
function OfOwner() {
  return (
    <>
      <RecoveryKit />
      <Section title={words.passphrase} note={words.passphraseNote}>
        <PassphraseForm />
      </Section>
      <ChangeKeys />
    </>
  )
}

function PassphraseForm() {
  const form = useForm({
    initialValues: { byKit: false, current: '', next: '', repeat: '' },
    validate: {
      current: (text, { byKit }) => (text !== '' ? null : byKit ? words.kitMissing : words.currentMissing),
      next: (text, values) => {
        if (text !== '' && text === values.current) return words.same
        return passphraseProblem(text)
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
          <PasswordField
            label={words.current}
            autoComplete="current-password"
            maxLength={1024}
            {...form.getInputProps('current')}
          />
        )}
        <Checkbox label={words.lost} {...form.getInputProps('byKit', { type: 'checkbox' })} />
        <PasswordField label={words.next} autoComplete="new-password" maxLength={1024} {...form.getInputProps('next')} />
        <PassphraseStrengthMeter text={form.values.next} />
        <PasswordField label={words.repeat} autoComplete="new-password" maxLength={1024} {...form.getInputProps('repeat')} />
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
