import { Button, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { newRequestId } from '../../../api/bridge'
import { useCommand } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { askToLeave, useLeaveGuard } from '../../../app/leaving'
import { useShortcut } from '../../../app/shortcuts'
import { DateField } from '../../../components/DateField'
import { FailureNote } from '../../../components/FailureNote'
import { Keys } from '../../../components/Keys'
import { Page } from '../../../components/Page'
import { toast } from '../../../components/toasts'
import { useToday } from '../../../components/useToday'
import { useAccounts } from '../accounts/useAccounts'
import { useClosedThrough } from '../period/useClosedThrough'
import { words as common } from '../words'
import { EntryLines } from './EntryLines'
import { checkEntry, type EntryDraft, isBlank, newEntry } from './entryDraft'
import styles from './post.module.css'
import { announcePosted } from './postedToast'
import { words } from './words'

type Then = 'open' | 'another'

/** Writes a journal entry. It can be posted only when every currency balances; what is missing is said beside the button. */
export function EntryEditor({ initial }: { readonly initial: EntryDraft }) {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const navigate = useNavigate()
  const accounts = useAccounts()
  const closedThrough = useClosedThrough()
  const [draft, setDraft] = useState(initial)
  const [touched, setTouched] = useState(false)
  const [showProblems, setShowProblems] = useState(false)
  const [requestId, setRequestId] = useState(newRequestId)
  const then = useRef<Then>('open')
  const description = useRef<HTMLInputElement>(null)
  const known = useMemo(() => accounts.data && new Set(accounts.data.map((account) => account.account)), [accounts.data])
  const check = checkEntry(draft, known ?? null, closedThrough)
  const problems = check.ok ? {} : check.problems

  const begin = (occurredOn: string | null) => {
    setDraft({ ...newEntry(today, business.currency), occurredOn })
    setTouched(false)
    setShowProblems(false)
    setRequestId(newRequestId())
    description.current?.focus()
  }
  const open = (entryId: string) => navigate({ to: '/ledger/entries/$entryId', params: { entryId }, ignoreBlocker: true })
  const command = useCommand('ledger.post', {
    onDone: ({ entryId }) => {
      const entry = { entryId, occurredOn: draft.occurredOn ?? today }
      if (then.current === 'another') {
        announcePosted(entry, { label: words.open, run: () => void open(entryId) })
        begin(draft.occurredOn)
      } else {
        announcePosted(entry)
        void open(entryId)
      }
    },
    onAwaitingApproval: () => {
      toast.waiting(common.waits, common.waitsText)
      void navigate({ to: '/approvals', ignoreBlocker: true })
    },
  })
  const change = (update: (was: EntryDraft) => EntryDraft) => {
    setTouched(true)
    setDraft(update)
  }
  const post = (next: Then) => {
    setShowProblems(true)
    if (!check.ok || command.isPending) return
    then.current = next
    command.mutate({ businessId: business.id, requestId, ...check.input })
  }
  useShortcut('mod+enter', words.submit, () => post('open'))
  useShortcut('mod+shift+enter', words.another, () => post('another'))
  useEffect(() => description.current?.focus(), [])

  const isEmpty = draft.description === '' && draft.lines.every(isBlank)
  useLeaveGuard(() => !touched || isEmpty || askToLeave(words.leaveText))

  return (
    <Page back={<Link to="/ledger/journal">{common.journal}</Link>} title={words.title} note={words.note}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          post('open')
        }}
      >
        <div className={styles.top}>
          <DateField
            label={words.date}
            today={today}
            value={draft.occurredOn}
            onChange={(occurredOn) => change((was) => ({ ...was, occurredOn }))}
            error={showProblems ? problems.date : undefined}
          />
          <TextInput
            ref={description}
            label={words.description}
            description={words.descriptionNote}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            maxLength={500}
            value={draft.description}
            error={showProblems ? problems.description : undefined}
            onChange={(event) => {
              const text = event.currentTarget.value
              change((was) => ({ ...was, description: text }))
            }}
          />
        </div>
        <EntryLines
          lines={draft.lines}
          problems={showProblems ? problems : {}}
          known={known ?? null}
          onChange={(update) => change((was) => ({ ...was, lines: update(was.lines) }))}
        />
        <FailureNote title={words.notPosted} error={command.error} />
        <div className={styles.actions}>
          <output id="entry-state" className={styles.reason} data-ready={check.ok || undefined}>
            {check.ok ? words.ready : check.reason}
          </output>
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => post('another')} {...gate(check.ok)}>
            {words.another}
          </Button>
          <Button type="submit" loading={command.isPending} rightSection={<Keys keys="mod+enter" />} {...gate(check.ok)}>
            {words.submit}
          </Button>
        </div>
      </form>
    </Page>
  )
}

/** A button that cannot act yet keeps the focus, so that the reason beside it is read out. */
function gate(ok: boolean) {
  return { 'aria-describedby': 'entry-state', ...(ok ? {} : { 'data-disabled': true, 'aria-disabled': true }) }
}
