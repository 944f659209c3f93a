import { Button, Modal, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { JournalEntry } from '../../../shared/contract/ledger'
import { newRequestId } from '../../api/bridge'
import { useCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { DateField } from '../../components/DateField'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { toast } from '../../components/toasts'
import { useToday } from '../../components/useToday'
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
      <Modal opened={asked !== null} onClose={() => setAsked(null)} title={words.reverseTitle} size={460} lockScroll={false}>
        {asked ? <ReverseForm key={asked.requestId} asked={asked} onClose={() => setAsked(null)} /> : null}
      </Modal>
    ),
  }
}

function ReverseForm({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const business = useBusiness()
  const navigate = useNavigate()
  const today = useToday(business.timeZone)
  const [on, setOn] = useState<string | null>(today)
  const [reason, setReason] = useState('')
  const [checked, setChecked] = useState(false)
  const open = (entryId: string) => void navigate({ to: '/ledger/entries/$entryId', params: { entryId } })
  const command = useCommand('ledger.reverse', {
    onDone: ({ entryId }) => {
      onClose()
      toast.done(words.reversed, undefined, { label: words.see, run: () => open(entryId) })
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(words.waits, words.waitsText, { label: words.openApprovals, run: () => void navigate({ to: '/approvals' }) })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (on === null || reason.trim() === '') return
    command.mutate({ entryId: asked.entry.id, occurredOn: on, reason: reason.trim(), requestId: asked.requestId })
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <div>{words.reverseText}</div>
        <DateField
          label={words.reverseOn}
          today={today}
          value={on}
          onChange={setOn}
          error={checked && on === null ? words.dateMissing : null}
        />
        <TextInput
          label={words.reason}
          data-autofocus
          maxLength={500}
          value={reason}
          error={checked && reason.trim() === '' ? words.reasonMissing : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FailureNote title={words.notReversed} error={command.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={command.isPending}>
            {words.reverseNow}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
