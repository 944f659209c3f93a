import { Button, Modal } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { DateField } from '../../components/DateField'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { dateText } from '../../components/format'
import { toast } from '../../components/toasts'
import { useToday } from '../../components/useToday'
import { namedDays } from './periods'
import { words } from './words'

/** Asks through which day the books are closed. */
export function useClosePeriod(): { ask: () => void; dialog: ReactNode } {
  const [opened, setOpened] = useState(false)
  return {
    ask: () => setOpened(true),
    dialog: (
      <Modal opened={opened} onClose={() => setOpened(false)} title={words.closeTitle} size={460} lockScroll={false}>
        {opened ? <CloseForm onClose={() => setOpened(false)} /> : null}
      </Modal>
    ),
  }
}

function CloseForm({ onClose }: { readonly onClose: () => void }) {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const usual = namedDays(today).find((day) => day.id === 'last-month')?.on ?? null
  const [through, setThrough] = useState<string | null>(usual)
  const command = useCommand('ledger.closePeriod', {
    onDone: (closed) => {
      onClose()
      toast.done(words.closed(dateText(closed.through)))
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(words.waits, words.waitsText)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (through !== null) command.mutate({ businessId: business.id, through })
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <div>{words.closeText}</div>
        <DateField
          label={words.closeThrough}
          today={today}
          value={through}
          onChange={setThrough}
          data-autofocus
          error={through === null ? words.dateMissing : null}
        />
        <FailureNote title={words.notClosed} error={command.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" color="wax" loading={command.isPending}>
            {words.closeNow}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
