import { Button, Textarea, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { type ClipboardEvent, type ReactNode, useState } from 'react'
import type { SecretKind } from '../../../../shared/contract/secrets'
import { useBusiness } from '../../../app/BusinessProvider'
import { DateField } from '../../../components/DateField'
import { PasswordField } from '../../../components/PasswordField'
import { useToday } from '../../../components/useToday'
import { isMadeUp } from '../kinds'
import { fieldHint, fieldWarning } from './fieldWarning'
import styles from './form.module.css'
import { PasswordMaker } from './PasswordMaker'
import type { FieldDraft } from './secretDraft'
import { words } from './words'

const most = 20_000

interface FieldValueProps {
  readonly kind: SecretKind
  readonly field: FieldDraft
  readonly label: ReactNode
  readonly problem: string | undefined
  /** The dialog begins here. */
  readonly first?: boolean
  readonly onChange: (change: Partial<FieldDraft>) => void
}

/** The value of one field, typed in the way that its type asks for. */
export function FieldValue({ kind, field, label, problem, first = false, onChange }: FieldValueProps) {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const set = (value: string) => onChange({ value })
  const warning = fieldWarning(kind, field)
  const hint = fieldHint(kind, field)
  const about = warning ? <span className={styles.warning}>{warning}</span> : hint
  const common = {
    label,
    value: field.value,
    error: problem,
    autoComplete: 'off',
    spellCheck: false,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    ...(about ? { description: about } : {}),
    ...(first ? { 'data-autofocus': true } : {}),
    // Its button was pressed a moment ago: the stored value makes room for a new one.
    autoFocus: field.stored,
  }
  if (field.kept) return <KeptValue field={field} label={label} onReplace={() => onChange({ kept: false })} />
  switch (field.type) {
    case 'hidden':
      return <HiddenInput field={field} common={common} madeUp={isMadeUp(kind, field.name)} onChange={onChange} />
    case 'multiline':
      return (
        <Textarea
          {...common}
          spellCheck
          autosize
          minRows={3}
          maxRows={14}
          maxLength={most}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
    case 'date':
      return (
        <DateField
          label={label}
          error={problem}
          today={today}
          clearable
          value={field.value === '' ? null : field.value}
          onChange={(date) => set(date ?? '')}
        />
      )
    case 'totp':
      return (
        <PasswordField
          {...common}
          maxLength={most}
          placeholder={words.totpPlaceholder}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
    default:
      return (
        <TextInput
          {...common}
          maxLength={most}
          placeholder={placeholderOf(kind, field)}
          inputMode={field.type === 'url' ? 'url' : field.type === 'email' ? 'email' : field.type === 'phone' ? 'tel' : 'text'}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
  }
}

function placeholderOf(kind: SecretKind, field: FieldDraft): string {
  if (field.type === 'url') return words.urlPlaceholder
  return kind === 'card' && field.name === 'Expires' ? words.expiresPlaceholder : ''
}

interface HiddenInputProps {
  readonly field: FieldDraft
  readonly madeUp: boolean
  readonly common: Omit<Parameters<typeof PasswordField>[0], 'onChange'>
  readonly onChange: (change: Partial<FieldDraft>) => void
}

/** A hidden value as it is typed. Several lines (a private key) can be pasted; they stay masked as one line does. */
function HiddenInput({ field, madeUp, common, onChange }: HiddenInputProps) {
  const [visible, setVisible] = useState(false)
  const set = (value: string) => onChange({ value })
  const several = field.value.includes('\n')
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData('text/plain')
    if (!text.trim().includes('\n')) return
    // A one-line input would drop the line ends, and the key with them.
    event.preventDefault()
    set(text)
  }
  return (
    <div className={styles.withTool}>
      {several ? (
        <Textarea
          label={common.label}
          error={common.error}
          value={field.value}
          autoFocus
          autosize
          minRows={3}
          maxRows={10}
          maxLength={most}
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: styles.masked ?? '' }}
          onChange={(event) => set(event.currentTarget.value)}
        />
      ) : (
        <PasswordField
          {...common}
          visible={visible}
          onVisibilityChange={setVisible}
          maxLength={most}
          autoComplete="new-password"
          classNames={{ innerInput: styles.secretInput ?? '' }}
          onPaste={paste}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )}
      {madeUp ? (
        <div className={styles.tool}>
          <PasswordMaker
            name={field.name}
            onUse={(password) => {
              set(password)
              setVisible(true)
            }}
          />
        </div>
      ) : null}
      {field.stored ? (
        <button type="button" className={styles.quietButton} onClick={() => onChange({ kept: true, value: '' })}>
          {words.keepStored}
        </button>
      ) : null}
    </div>
  )
}

interface KeptValueProps {
  readonly field: FieldDraft
  readonly label: ReactNode
  readonly onReplace: () => void
}

/** A stored value that nobody needs to see to leave it as it is. */
function KeptValue({ field, label, onReplace }: KeptValueProps) {
  return (
    <div>
      <div className={styles.keptLabel}>{label}</div>
      <div className={styles.kept}>
        <IconLock size={14} stroke={1.8} aria-hidden="true" />
        <span>{words.kept}</span>
        <Button size="compact-xs" variant="subtle" onClick={onReplace} aria-label={`${words.replace}: ${field.name}`}>
          {words.replace}
        </Button>
      </div>
    </div>
  )
}
