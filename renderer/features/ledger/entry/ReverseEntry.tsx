import { Button, Modal, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { JournalEntry } from '../../../../shared/contract/ledger'
import { newRequestId } from '../../../api/bridge'
import { useCommand } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { DateField } from '../../../components/DateField'
import { FailureNote } from '../../../components/FailureNote'
import { FormActions, FormStack } from '../../../components/FormStack'
import { dateText } from '../../../components/format'
import { toast } from '../../../components/toasts'
import { useOpenApprovals } from '../../../components/useOpenApprovals'
import { useToday } from '../../../components/useToday'
import { useClosedThrough } from '../period/useClosedThrough'
import { words as common } from '../words'
import { words } from './words'

interface Asked {
  readonly entry: JournalEntry
  readonly requestId: string
}

/** Asks for a day and a reason before the mirror of an entry is posted. */
export function useReverse(): { ask: (entry: JournalEntry) => void; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked | null>(null)
  return {
    ask: (entry) => setAsked({ entry, requestId: newRequestId() }),
    dialog: (
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked ? words.reverse.title(asked.entry.id) : ''}
        size={480}
        lockScroll={false}
      >
        {asked ? <ReverseForm key={asked.requestId} asked={asked} onClose={() => setAsked(null)} /> : null}
      </Modal>
    ),
  }
}

function ReverseForm({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const business = useBusiness()
  const navigate = useNavigate()
  const openApprovals = useOpenApprovals()
  const today = useToday(business.timeZone)
  const closedThrough = useClosedThrough()
  const { entry, requestId } = asked
  const [on, setOn] = useState<string | null>(entry.occurredOn > today ? entry.occurredOn : today)
  const [reason, setReason] = useState('')
  const [checked, setChecked] = useState(false)
  const command = useCommand('ledger.reverse', {
    onDone: ({ entryId }) => {
      onClose()
      toast.done(words.reverse.done, common.takenBackBy(entryId), {
        label: words.reverse.open,
        run: () => void navigate({ to: '/ledger/entries/$entryId', params: { entryId } }),
      })
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(common.waits, common.waitsText, openApprovals)
    },
  })
  const dateProblem =
    on === null
      ? common.dateMissing
      : closedThrough !== null && on <= closedThrough
        ? common.closedAlready(dateText(closedThrough))
        : null
  const reasonProblem = reason.trim() === '' ? words.reverse.reasonMissing : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (on === null || dateProblem !== null || reasonProblem !== null) return
    command.mutate({ entryId: entry.id, occurredOn: on, reason: reason.trim(), requestId })
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <div>{words.reverse.text}</div>
        <DateField
          label={words.reverse.date}
          today={today}
          value={on}
          onChange={setOn}
          error={checked || on !== null ? dateProblem : null}
        />
        <TextInput
          label={words.reverse.reason}
          description={words.reverse.reasonNote}
          data-autofocus
          maxLength={500}
          value={reason}
          error={checked ? reasonProblem : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FailureNote title={words.reverse.failed} error={command.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" color="wax" loading={command.isPending}>
            {words.reverse.submit}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
