import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { z } from 'zod'
import type { Approval } from '../../../shared/contract/approvals'
import { money } from '../../../shared/domain/money'
import { runCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { DateField } from '../../components/DateField'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { MoneyField } from '../../components/MoneyField'
import { withStepUp } from '../../components/StepUp'
import { useToday } from '../../components/useToday'
import { words } from './words'

type Field = Approval['editable'][number]
type Values = Readonly<Record<string, unknown>>

interface EditApprovalProps {
  /** Null: closed. */
  readonly approval: Approval | null
  /** Begins the note. */
  readonly note: string
  readonly onDone: (approval: Approval) => void
  readonly onClose: () => void
}

/** Changes what may be changed of a request, and approves it so in one step. */
export function EditApproval({ approval, note, onDone, onClose }: EditApprovalProps) {
  return (
    <Modal opened={approval !== null} onClose={onClose} title={words.edit.title} size={480} lockScroll={false}>
      {approval === null ? null : (
        <EditForm key={approval.id} approval={approval} note={note} onDone={onDone} onClose={onClose} />
      )}
    </Modal>
  )
}

function EditForm({ approval, note: begun, onDone, onClose }: EditApprovalProps & { readonly approval: Approval }) {
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(approval.editable.map(({ field, value }) => [field, value])),
  )
  const [note, setNote] = useState(begun)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const changed = approval.editable.filter(({ field, value }) => JSON.stringify(values[field]) !== JSON.stringify(value))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      const changes = Object.fromEntries(changed.map(({ field }) => [field, values[field]]))
      const { id: approvalId, digest } = approval
      const reply = await withStepUp(() =>
        runCommand('approvals.editAndApprove', {
          approvalId,
          digest,
          changes,
          ...(note.trim() === '' ? {} : { note: note.trim() }),
        }),
      )
      if (reply?.status === 'done') onDone(reply.value)
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <FormStack>
        <div>{approval.facts.what}</div>
        {approval.editable.map((field, index) => (
          <EditField
            key={field.field}
            field={field}
            first={index === 0}
            value={values[field.field]}
            onChange={(value) => setValues((was) => ({ ...was, [field.field]: value }))}
          />
        ))}
        <TextInput
          label={words.noteLabel}
          placeholder={words.notePlaceholder}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <FailureNote title={words.notDecided} error={problem} />
        <FormActions>
          <Button variant="default" onClick={onClose} disabled={busy}>
            {words.edit.cancel}
          </Button>
          <Button type="submit" loading={busy} disabled={changed.length === 0}>
            {words.edit.approve}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

interface EditFieldProps {
  readonly field: Field
  /** It has the focus when the dialog opens. */
  readonly first: boolean
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

function EditField({ field, first, value, onChange }: EditFieldProps) {
  const today = useToday(useBusiness().timeZone)
  const label = words.edit.fields[field.field] ?? field.field
  if (field.kind === 'money') {
    const was = money.safeParse(field.value)
    const now = money.safeParse(value)
    if (!was.success) return null
    const { currency } = was.data
    return (
      <MoneyField
        label={label}
        data-autofocus={first || undefined}
        currency={currency}
        minor={now.success ? now.data.minor : null}
        onMinor={(minor) => onChange(minor === null ? null : { minor, currency })}
      />
    )
  }
  const text = z.string().catch('').parse(value)
  if (field.kind === 'date') return <DateField label={label} today={today} value={text} onChange={onChange} />
  return (
    <TextInput
      label={label}
      data-autofocus={first || undefined}
      value={text}
      maxLength={500}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
