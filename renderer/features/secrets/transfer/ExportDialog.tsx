import { Button, Checkbox, Modal, Select } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { passphraseStrength } from '../../../../shared/domain/passphrase'
import { runCommand } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { FailureNote } from '../../../components/FailureNote'
import { FormActions, FormStack } from '../../../components/FormStack'
import { Notice } from '../../../components/Notice'
import { PasswordField } from '../../../components/PasswordField'
import { Segments } from '../../../components/Segments'
import { withStepUp } from '../../../components/StepUp'
import { toast } from '../../../components/toasts'
import { words as shared } from '../../../components/words'
import { PassphraseStrengthMeter } from '../../vault/PassphraseStrengthMeter'
import { words as common } from '../words'
import styles from './transfer.module.css'
import { exportWords as words } from './words'

interface ExportDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
}

/** Writes the vault, or the items of one business, to a file. */
export function ExportDialog({ opened, onClose }: ExportDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.title} size={480} lockScroll={false} closeOnClickOutside={false}>
      {opened ? <ExportForm onClose={onClose} /> : null}
    </Modal>
  )
}

function ExportForm({ onClose }: { readonly onClose: () => void }) {
  const business = useBusiness()
  const [format, setFormat] = useState<'encrypted' | 'plain'>('encrypted')
  const [scope, setScope] = useState<'business' | 'vault'>('vault')
  const [passphrase, setPassphrase] = useState('')
  const [repeated, setRepeated] = useState('')
  const [understood, setUnderstood] = useState(false)
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const encrypted = format === 'encrypted'
  const tooWeak = encrypted && !passphraseStrength(passphrase).acceptable
  const differs = encrypted && passphrase !== repeated

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (tooWeak || differs || (!encrypted && !understood)) return
    setBusy(true)
    setError(null)
    try {
      // Straight to main, not through the query cache: the passphrase must not stay there.
      const outcome = await withStepUp(() =>
        runCommand('secrets.export', {
          format,
          ...(scope === 'business' ? { businessId: business.id } : {}),
          ...(encrypted ? { passphrase } : {}),
        }),
      )
      if (outcome === undefined) return
      if (outcome.status !== 'done') {
        toast.waiting(common.waits, common.waitsText)
        onClose()
      } else if (outcome.value.saved) {
        const { count, fileName, left } = outcome.value
        const more = [...(left.length > 0 ? [words.left, ...left] : []), ...(encrypted ? [] : [words.plainReminder])]
        toast.done(words.exported(count, fileName), more.length > 0 ? more.join(' ') : undefined)
        onClose()
      }
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <FormStack>
        <Segments
          label={words.how}
          value={format}
          options={[
            { value: 'encrypted', label: words.encrypted },
            { value: 'plain', label: words.plain },
          ]}
          onChange={setFormat}
        />
        {encrypted ? <div className={styles.text}>{words.encryptedText}</div> : <Notice alert>{words.plainText}</Notice>}
        <Select
          label={words.what}
          data={[
            { value: 'vault', label: words.everything },
            { value: 'business', label: words.business(business.name) },
          ]}
          value={scope}
          allowDeselect={false}
          onChange={(value) => setScope(value === 'business' ? 'business' : 'vault')}
        />
        {encrypted ? (
          <>
            <PasswordField
              label={words.passphrase}
              autoComplete="new-password"
              maxLength={1024}
              value={passphrase}
              error={checked && tooWeak ? words.tooWeak : undefined}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
            <PassphraseStrengthMeter text={passphrase} />
            <PasswordField
              label={words.repeat}
              autoComplete="new-password"
              maxLength={1024}
              value={repeated}
              error={checked && !tooWeak && differs ? words.differs : undefined}
              onChange={(event) => setRepeated(event.currentTarget.value)}
            />
          </>
        ) : (
          <Checkbox
            label={words.understood}
            checked={understood}
            error={checked && !understood ? words.mustUnderstand : undefined}
            onChange={(event) => setUnderstood(event.currentTarget.checked)}
          />
        )}
        <FailureNote title={words.notExported} error={error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={busy} {...(encrypted ? {} : { color: 'wax' })}>
            {words.doExport}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
