import { Button, PinInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import { type FormEvent, useState } from 'react'
import { practicePassphrase } from '../../shared/contract/practice'
import { CallError, messageOf } from '../api/failure'
import { runCommand, useRead, useShellState } from '../api/queries'
import { FormActions, FormStack } from './FormStack'
import { PasswordField } from './PasswordField'
import { Segments } from './Segments'
import styles from './StepUp.module.css'
import { words as shared, stepUpWords as words } from './words'

/**
 * Runs an action that may ask for a new proof that it is the owner. When it does, a dialog asks for the passphrase or a code, and the action
 * runs again once that is given.
 * @param onAsked called before the dialog opens, for callers that hold a key or a button meanwhile
 * @returns undefined when the owner closed the dialog instead; nothing was done then
 * @throws whatever the action throws otherwise
 */
export async function withStepUp<T>(run: () => Promise<T>, onAsked?: () => void): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof CallError) || error.code !== 'step_up_required') throw error
    onAsked?.()
    if (!(await askStepUp())) return undefined
    return await run()
  }
}

/** Asks for the proof. Answers whether it was given. */
function askStepUp(): Promise<boolean> {
  return new Promise((resolve) => {
    let proven = false
    const id = modals.open({
      title: words.title,
      size: 420,
      onClose: () => resolve(proven),
      children: (
        <StepUpForm
          onProven={() => {
            proven = true
            modals.close(id)
          }}
          onCancel={() => modals.close(id)}
        />
      ),
    })
  })
}

interface StepUpFormProps {
  readonly onProven: () => void
  readonly onCancel: () => void
}

function StepUpForm({ onProven, onCancel }: StepUpFormProps) {
  const shell = useShellState()
  const security = useRead('vault.security', {})
  const withCode = security.data?.factors.some((factor) => factor.kind === 'totp' && factor.confirmedAt !== null) ?? false
  const [chosen, setWay] = useState<'passphrase' | 'code' | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [tries, setTries] = useState(0)
  const way = chosen ?? (withCode ? 'code' : 'passphrase')
  const byCode = withCode && way === 'code'

  const prove = async (input: { passphrase: string } | { code: string }) => {
    setBusy(true)
    setProblem(null)
    try {
      // Not through the query cache: what was typed must not stay there.
      await runCommand('vault.stepUp', input)
      onProven()
    } catch (error) {
      setProblem(messageOf(error))
      setCode('')
      // A new field begins at its first digit again.
      setTries((was) => was + 1)
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (byCode) {
      if (code.length === 6) void prove({ code })
      else setProblem(words.codeMissing)
    } else if (passphrase === '') setProblem(words.passphraseMissing)
    else void prove({ passphrase })
  }

  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <div className={styles.why}>{words.why}</div>
        {withCode ? (
          <Segments
            label={words.way}
            value={way}
            options={[
              { value: 'code', label: words.code },
              { value: 'passphrase', label: words.passphrase },
            ]}
            onChange={(next) => {
              setProblem(null)
              setWay(next)
            }}
          />
        ) : null}
        {security.isPending ? null : byCode ? (
          <div>
            <PinInput
              key={tries}
              length={6}
              type="number"
              oneTimeCode
              autoFocus
              value={code}
              onChange={setCode}
              onComplete={(full) => void prove({ code: full })}
              getInputProps={(index) => ({ 'aria-label': words.digit(index + 1), 'data-autofocus': index === 0 || undefined })}
              error={problem !== null}
            />
            {problem === null ? null : (
              <div className={styles.problem} role="alert">
                {problem}
              </div>
            )}
          </div>
        ) : (
          <PasswordField
            label={words.passphrase}
            autoComplete="current-password"
            autoFocus
            data-autofocus
            maxLength={1024}
            value={passphrase}
            error={problem}
            {...(shell.data?.world === 'practice' ? { description: words.practice(practicePassphrase) } : {})}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
        )}
        <div className={styles.note}>{words.lasts}</div>
        <FormActions>
          <Button variant="default" onClick={onCancel}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {words.prove}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
