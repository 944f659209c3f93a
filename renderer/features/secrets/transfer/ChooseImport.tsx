import { Button } from '@mantine/core'
import { IconFolderOpen } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { type ImportFormat, type ImportPreview, importFormats } from '../../../../shared/contract/secrets'
import { runCommand } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { FailureNote } from '../../../components/FailureNote'
import { FormStack } from '../../../components/FormStack'
import { PasswordField } from '../../../components/PasswordField'
import { Segments } from '../../../components/Segments'
import styles from './transfer.module.css'
import { importWords as words } from './words'

/** Formats whose files may be locked with a password. */
const locked: ReadonlySet<ImportFormat> = new Set(['bitwarden', 'kdbx', 'countinghouse'])
/** Those that always are. */
const alwaysLocked: ReadonlySet<ImportFormat> = new Set(['kdbx', 'countinghouse'])

/** The first step: which vault the file is of, whose the items will be, and the file itself. */
export function ChooseImport({ onPreview }: { readonly onPreview: (preview: ImportPreview) => void }) {
  const business = useBusiness()
  const [format, setFormat] = useState<ImportFormat>('bitwarden')
  const [owner, setOwner] = useState<'business' | 'vault'>('business')
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (alwaysLocked.has(format) && password === '') {
      setMissing(true)
      return
    }
    setBusy(true)
    setError(null)
    try {
      // Straight to main, not through the query cache: the password must not stay there.
      const outcome = await runCommand('secrets.previewImport', {
        format,
        ...(owner === 'business' ? { businessId: business.id } : {}),
        ...(locked.has(format) && password !== '' ? { password } : {}),
      })
      if (outcome.status === 'done' && outcome.value.preview !== null) onPreview(outcome.value.preview)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className={styles.choose} noValidate>
      <FormStack>
        <fieldset className={styles.formats}>
          <legend>{words.which}</legend>
          {importFormats.map((id) => (
            <button
              key={id}
              type="button"
              className={styles.format}
              aria-pressed={format === id}
              onClick={() => {
                setFormat(id)
                setMissing(false)
                setError(null)
              }}
            >
              <strong>{words.formats[id].label}</strong>
              <span>{words.formats[id].text}</span>
            </button>
          ))}
        </fieldset>
        <div className={styles.owner}>
          <span>{words.owner}</span>
          <Segments
            label={words.owner}
            value={owner}
            options={[
              { value: 'business', label: business.name },
              { value: 'vault', label: words.vaultWide },
            ]}
            onChange={setOwner}
          />
        </div>
        {locked.has(format) ? (
          <PasswordField
            label={words.password}
            {...(alwaysLocked.has(format) ? {} : { description: words.passwordText })}
            error={missing ? words.passwordNeeded : undefined}
            autoComplete="off"
            maxLength={1024}
            maw={360}
            value={password}
            onChange={(event) => {
              setPassword(event.currentTarget.value)
              setMissing(false)
            }}
          />
        ) : null}
        <FailureNote title={words.notRead} error={error} />
        <div>
          <Button type="submit" loading={busy} leftSection={<IconFolderOpen size={16} />}>
            {words.choose}
          </Button>
        </div>
      </FormStack>
    </form>
  )
}
