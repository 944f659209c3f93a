import { Button } from '@mantine/core'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import type { Secret } from '../../../../shared/contract/secrets'
import { newRequestId } from '../../../api/bridge'
import { CallError } from '../../../api/failure'
import { runCommand } from '../../../api/queries'
import { askToLeave, useLeaveGuard } from '../../../app/leaving'
import { useShortcut } from '../../../app/shortcuts'
import { FailureNote } from '../../../components/FailureNote'
import { Page } from '../../../components/Page'
import { toast } from '../../../components/toasts'
import { restoreVersion } from '../secretActions'
import { SecretForm } from './SecretForm'
import { draftProblems, fieldsToChange, fieldsToCreate, isChanged, type SecretDraft } from './secretDraft'
import { words } from './words'

interface SecretEditorProps {
  /** The item to change; null keeps a new one. */
  readonly secret: Secret | null
  readonly initial: SecretDraft
  readonly back: ReactNode
}

/** The page on which an item is written or changed. What is typed lives here alone until it is saved, and is guarded against being lost. */
export function SecretEditor({ secret, initial, back }: SecretEditorProps) {
  const navigate = useNavigate()
  const router = useRouter()
  const [draft, setDraft] = useState(initial)
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const requestId = useRef(newRequestId())
  const form = useRef<HTMLFormElement>(null)
  const problems = draftProblems(draft)

  const save = async () => {
    setChecked(true)
    setError(null)
    if (problems.title !== undefined || Object.keys(problems.fields).length > 0) return
    setBusy(true)
    try {
      await (secret ? change(secret, draft) : create(draft, requestId.current)).then((savedId) =>
        savedId === null
          ? navigate({ to: '/vault', ignoreBlocker: true, replace: true })
          : navigate({ to: '/vault/$secretId', params: { secretId: savedId }, ignoreBlocker: true, replace: true }),
      )
    } catch (failure) {
      requestId.current = newRequestId()
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const submit = () => form.current?.requestSubmit()
  useShortcut('mod+s', words.save, submit)
  useShortcut('mod+enter', words.save, submit)
  useLeaveGuard(() => !isChanged(draft, initial) || askToLeave(words.leaveText))

  const conflict = error instanceof CallError && error.code === 'conflict' && secret !== null
  return (
    <Page
      back={back}
      title={secret ? words.editTitle(secret.title) : words.newTitle}
      actions={
        <>
          <Button variant="default" onClick={() => router.history.back()}>
            {words.cancel}
          </Button>
          <Button loading={busy} onClick={submit}>
            {secret ? words.save : words.create}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          void save()
        }}
      >
        <SecretForm draft={draft} isNew={secret === null} problems={checked ? problems : { fields: {} }} onChange={setDraft} />
        <FailureNote title={words.notSaved} error={conflict ? words.conflict : error} />
        {/* Enter in a field saves, as the button above does. */}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Page>
  )
}

/** Keeps a new item. Answers its id, or null while it waits for an approval. */
async function create(draft: SecretDraft, requestId: string): Promise<string | null> {
  const { kind, businessId, title, tags, sensitive, rotateEveryDays } = draft
  const outcome = await runCommand('secrets.create', {
    requestId,
    ...(businessId === null ? {} : { businessId }),
    kind,
    title: title.trim(),
    tags: [...tags],
    sensitive,
    rotateEveryDays,
    fields: fieldsToCreate(draft),
  })
  if (outcome.status === 'done') {
    toast.done(words.created(outcome.value.title), undefined, undefined, { key: outcome.value.id })
    return outcome.value.id
  }
  toast.waiting(words.waits, words.waitsText)
  return null
}

/** Changes an item. Answers its id either way. */
async function change(secret: Secret, draft: SecretDraft): Promise<string> {
  const { title, tags, sensitive, rotateEveryDays } = draft
  const outcome = await runCommand('secrets.update', {
    secretId: secret.id,
    version: secret.version,
    title: title.trim(),
    tags: [...tags],
    sensitive,
    rotateEveryDays,
    fields: fieldsToChange(draft),
  })
  if (outcome.status === 'done') {
    const { version } = outcome.value
    if (version === secret.version) return secret.id
    const say = { done: words.undone, failed: words.notUndone }
    const undo = { label: words.undo, run: () => void restoreVersion(secret.id, version, secret.version, say) }
    toast.done(words.saved(outcome.value.title), undefined, undo, { key: secret.id })
  } else toast.waiting(words.waits, words.waitsText)
  return secret.id
}
