import { Button, Checkbox, Select } from '@mantine/core'
import { type Payee as PayeeData, payeeChecks } from '../../../shared/contract/payees'
import { useRows } from '../../api/pages'
import { useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { instantText } from '../../components/format'
import { Section } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { Named } from '../approvals/Named'
import styles from './policies.module.css'
import { words } from './words'

const choices = [24, 36, 48, 72]

/** Payees whose details changed lately, with what to check before they are paid. */
export function Payees() {
  const business = useBusiness()
  const list = useRows('payees.list', { businessId: business.id, quarantined: true })
  const held = useRead('payees.list', { businessId: business.id, limit: 1 })
  const hours = held.data?.quarantineHours
  const set = useCommand('payees.setQuarantine', {
    onDone: ({ hours }) => toast.done(words.quarantineSaved(hours)),
    onAwaitingApproval: () => toast.waiting(words.waits, words.waitsText),
    onError: (error) => toast.failed(words.quarantineNotSaved, error),
  })
  return (
    <Section
      title={words.payees}
      note={words.payeesNote}
      actions={
        <Select
          aria-label={words.quarantineHours}
          data={[...new Set([...choices, ...(hours === undefined ? [] : [hours])])]
            .sort((a, b) => a - b)
            .map((choice) => ({ value: String(choice), label: words.hoursChoice(choice) }))}
          value={hours === undefined ? null : String(hours)}
          disabled={hours === undefined || set.isPending}
          allowDeselect={false}
          w={170}
          onChange={(value) => value !== null && set.mutate({ hours: Number(value) })}
        />
      }
    >
      {list.error ? (
        <ErrorState what={words.payees} error={list.error} onRetry={list.refresh} compact />
      ) : list.isLoading ? (
        <LoadingRows rows={2} />
      ) : list.rows.length === 0 ? (
        <p className={section.note}>{words.payeesNone}</p>
      ) : (
        <ul className={styles.payees}>
          {list.rows.map((payee) => (
            <Quarantined key={payee.id} payee={payee} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Quarantined({ payee }: { readonly payee: PayeeData }) {
  const business = useBusiness()
  const check = useCommand('payees.check', {
    onAwaitingApproval: () => toast.waiting(words.waits, words.waitsText),
    onError: (error) => toast.failed(words.notChecked, error),
  })
  const release = useCommand('payees.release', {
    onDone: () => toast.done(words.released),
    onAwaitingApproval: () => toast.waiting(words.waits, words.waitsText),
    onError: (error) => toast.failed(words.notReleased, error),
  })
  /** Held details always have a checksum; without one nothing can be said about them. */
  const details = { payeeId: payee.id, checksum: payee.checksum ?? '' }
  const allTicked = payee.checks.length === payeeChecks.length
  return (
    <li>
      <div className={styles.payeeHead}>
        <strong>
          <Named value={payee.subjectId} />
        </strong>
        {payee.quarantinedUntil === null ? null : (
          <span className={section.note}>{words.until(instantText(payee.quarantinedUntil, business.timeZone))}</span>
        )}
      </div>
      {payee.checksum === null ? null : <p className={section.note}>{words.checksum(payee.checksum)}</p>}
      {payeeChecks.map((step) => (
        <Checkbox
          key={step}
          label={words.checks[step]}
          checked={payee.checks.includes(step)}
          onChange={(event) => check.mutate({ ...details, check: step, done: event.currentTarget.checked })}
        />
      ))}
      <div className={styles.release}>
        <Button
          size="xs"
          variant="default"
          disabled={!allTicked}
          loading={release.isPending}
          onClick={() => release.mutate(details)}
        >
          {words.release}
        </Button>
        {allTicked ? null : <span className={section.note}>{words.releaseNote}</span>}
      </div>
    </li>
  )
}
