import { Button, Modal } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
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
import { words as common } from '../words'
import styles from './close.module.css'
import { dayOf } from './period'
import { useClosedThrough } from './useClosedThrough'
import { words } from './words'

interface ClosePeriodProps {
  readonly opened: boolean
  readonly onClose: () => void
}

/** Asks through which day the books are closed, and says that they are not opened again. */
export function ClosePeriod({ opened, onClose }: ClosePeriodProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.close.title} size={480} lockScroll={false}>
      {opened ? <CloseForm onClose={onClose} /> : null}
    </Modal>
  )
}

function CloseForm({ onClose }: { readonly onClose: () => void }) {
  const business = useBusiness()
  const openApprovals = useOpenApprovals()
  const today = useToday(business.timeZone)
  const closedThrough = useClosedThrough()
  const [requestId] = useState(newRequestId)
  const [day, setDay] = useState<string | null>(dayOf('endOfLastMonth', today))
  const command = useCommand('ledger.closePeriod', {
    onDone: ({ through }) => {
      onClose()
      toast.done(words.close.done(dateText(through)))
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(common.waits, common.waitsText, openApprovals)
    },
  })
  const problem = day === null ? common.dateMissing : problemOf(day, today, closedThrough)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (day !== null && problem === null) command.mutate({ businessId: business.id, through: day, requestId })
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <p className={styles.warning}>
          <IconAlertTriangle size={17} stroke={1.8} aria-hidden="true" />
          <span>{words.close.text}</span>
        </p>
        <DateField
          label={words.close.through}
          description={closedThrough === null ? undefined : words.close.closedThrough(dateText(closedThrough))}
          today={today}
          value={day}
          onChange={setDay}
          maxDate={today}
          error={problem}
        />
        <FailureNote title={words.close.failed} error={command.error} />
        <FormActions>
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
          <Button type="submit" color="wax" loading={command.isPending} disabled={problem !== null}>
            {day === null ? words.close.submitNoDay : words.close.submit(dateText(day))}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

function problemOf(day: string, today: string, closedThrough: string | null): string | null {
  if (closedThrough !== null && day <= closedThrough) return common.closedAlready(dateText(closedThrough))
  return day > today ? words.close.future : null
}
