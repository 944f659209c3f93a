import { Button, Checkbox, Group, Modal, MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { httpMethods } from '../../../shared/contract/grants'
import { useRows } from '../../api/pages'
import { runCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { CopyButton } from '../../components/CopyText'
import { DateField } from '../../components/DateField'
import { FailureNote } from '../../components/FailureNote'
import { Fold } from '../../components/Fold'
import { FormActions, FormStack } from '../../components/FormStack'
import { HoursAndDays } from '../../components/HoursAndDays'
import { withStepUp } from '../../components/StepUp'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { useToday } from '../../components/useToday'
import { emptyDraft, type GrantDraft, grantOf, problemsOf } from './grantDraft'
import { words } from './words'

interface NewGrantProps {
  readonly opened: boolean
  /** Chosen already, where it was asked for from an item. */
  readonly secretId: string | undefined
  readonly onClose: () => void
}

const durations = [1, 8, 24, 72, 168, 720, 2160]

/** Gives access, and shows its token this one time. */
export function NewGrant({ opened, secretId, onClose }: NewGrantProps) {
  const [token, setToken] = useState<string | null>(null)
  const close = () => {
    setToken(null)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={token === null ? words.newTitle : words.madeTitle}
      size={560}
      lockScroll={false}
      closeOnClickOutside={false}
    >
      {!opened ? null : token === null ? (
        <GrantForm secretId={secretId} onMade={setToken} onClose={close} />
      ) : (
        <Made token={token} onClose={close} />
      )}
    </Modal>
  )
}

interface GrantFormProps {
  readonly secretId: string | undefined
  readonly onMade: (token: string) => void
  readonly onClose: () => void
}

function GrantForm({ secretId, onMade, onClose }: GrantFormProps) {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const items = useRows('secrets.list', { businessId: business.id, withVault: true })
  const [draft, setDraft] = useState<GrantDraft>({ ...emptyDraft, secretIds: secretId === undefined ? [] : [secretId] })
  const [checked, setChecked] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const change = (part: Partial<GrantDraft>) => setDraft((was) => ({ ...was, ...part }))
  const problems = checked ? problemsOf(draft) : {}
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (Object.keys(problemsOf(draft)).length > 0) return
    setBusy(true)
    setProblem(null)
    try {
      // Not through the query cache: the token must not stay there.
      const reply = await withStepUp(() => runCommand('grants.create', grantOf(draft, business.id)))
      if (reply === undefined) return
      if (reply.status === 'done') onMade(reply.value.token)
      else {
        onClose()
        toast.waiting(words.waits, words.waitsText)
      }
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <FormStack>
        <TextInput
          label={words.holder}
          description={words.holderNote}
          data-autofocus
          maxLength={100}
          value={draft.holder}
          error={problems.holder}
          onChange={(event) => change({ holder: event.currentTarget.value })}
        />
        <MultiSelect
          label={words.items}
          placeholder={draft.secretIds.length === 0 ? words.choose : ''}
          data={items.rows.map((item) => ({
            value: item.id,
            label: item.hint === null ? item.title : `${item.title} (${item.hint})`,
          }))}
          searchable
          value={[...draft.secretIds]}
          error={problems.secretIds}
          onChange={(secretIds) => change({ secretIds })}
        />
        <Checkbox.Group
          label={words.actions}
          error={problems.actions}
          value={[...(draft.use ? ['use'] : []), ...(draft.reveal ? ['reveal'] : [])]}
          onChange={(chosen) => change({ use: chosen.includes('use'), reveal: chosen.includes('reveal') })}
        >
          <Checkbox value="use" label={words.actionsLong.use} mt={6} />
          <Checkbox value="reveal" label={words.actionsLong.reveal} description={words.actionRevealNote} mt={6} />
        </Checkbox.Group>
        {draft.use ? (
          <Textarea
            label={words.hosts}
            description={words.hostsNote}
            autosize
            minRows={1}
            spellCheck={false}
            value={draft.hosts}
            error={problems.hosts}
            onChange={(event) => change({ hosts: event.currentTarget.value })}
          />
        ) : null}
        <Group grow align="flex-start">
          <Select
            label={words.ends}
            allowDeselect={false}
            data={durations.map((hours) => ({ value: String(hours), label: words.endsAfter(hours) }))}
            value={String(draft.expiresInHours)}
            onChange={(value) => change({ expiresInHours: Number(value) })}
          />
          <NumberInput
            label={words.maxUses}
            placeholder={words.noLimit}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            value={draft.maxUses ?? ''}
            onChange={(value) => change({ maxUses: typeof value === 'number' && value >= 1 ? value : null })}
          />
        </Group>
        <MoreLimits draft={draft} problems={problems} today={today} onChange={change} />
        <FailureNote title={words.notCreated} error={problem} />
        <FormActions>
          <Button variant="default" onClick={onClose} disabled={busy}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {words.create}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

interface PartProps {
  readonly draft: GrantDraft
  readonly onChange: (part: Partial<GrantDraft>) => void
}

interface MoreLimitsProps extends PartProps {
  readonly problems: ReturnType<typeof problemsOf>
  readonly today: string
}

/** The limits that most access does without. */
function MoreLimits({ draft, problems, today, onChange }: MoreLimitsProps) {
  const set = [
    draft.use && draft.methods.length > 0,
    draft.use && draft.paths.trim() !== '',
    draft.from !== '' || draft.to !== '',
    draft.weekdays.length > 0,
    draft.engagementEndsOn !== null,
  ].filter(Boolean).length
  return (
    <Fold
      title={words.moreLimits}
      note={words.moreLimitsText(set)}
      startsOpen={false}
      wrong={problems.paths !== undefined || problems.hours !== undefined}
    >
      {draft.use ? (
        <>
          <MultiSelect
            label={words.methods}
            placeholder={draft.methods.length === 0 ? words.methodsAny : ''}
            data={[...httpMethods]}
            value={[...draft.methods]}
            onChange={(methods) => onChange({ methods })}
          />
          <Textarea
            label={words.paths}
            description={words.pathsNote}
            placeholder={words.pathsAny}
            autosize
            minRows={1}
            spellCheck={false}
            value={draft.paths}
            error={problems.paths}
            onChange={(event) => onChange({ paths: event.currentTarget.value })}
          />
        </>
      ) : null}
      <HoursAndDays from={draft.from} to={draft.to} weekdays={draft.weekdays} problem={problems.hours} onChange={onChange} />
      <DateField
        label={words.engagement}
        description={words.engagementNote}
        today={today}
        clearable
        minDate={today}
        value={draft.engagementEndsOn}
        onChange={(engagementEndsOn) => onChange({ engagementEndsOn })}
      />
    </Fold>
  )
}

/** Shown once: how it is called, and the token itself. */
function Made({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  const example = `POST /api/v1/broker/call
Authorization: Bearer ${token.slice(0, 8)}…
{ "method": "GET", "url": "https://api.example.com/v1/me",
  "headers": { "authorization": "Bearer {{secret}}" } }`
  return (
    <FormStack>
      <div>{words.madeText}</div>
      <div className={section.secret} role="status">
        {token}
      </div>
      <details>
        <summary>{words.example}</summary>
        <pre className={section.secret}>{example}</pre>
      </details>
      <FormActions>
        <CopyButton text={token} label={words.copy} />
        <Button onClick={onClose}>{words.close}</Button>
      </FormActions>
    </FormStack>
  )
}
