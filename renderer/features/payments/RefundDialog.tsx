import { Button, Modal, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Payment } from '../../../shared/contract/payments'
import type { Money } from '../../../shared/domain/money'
import { newRequestId } from '../../api/bridge'
import { useCommand } from '../../api/queries'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { moneyText } from '../../components/format'
import { MoneyField } from '../../components/MoneyField'
import { toast } from '../../components/toasts'
import { useOpenApprovals } from '../../components/useOpenApprovals'
import styles from './refund.module.css'
import { words } from './words'

interface Asked {
  readonly payment: Payment
  readonly left: Money
  readonly requestId: string
}

/** Asks how much goes back and why. The request id is made when the dialog opens: a double click is one refund. */
export function useRefund(): { ask: (payment: Payment, left: Money) => void; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked | null>(null)
  return {
    ask: (payment, left) => setAsked({ payment, left, requestId: newRequestId() }),
    dialog: (
      <Modal opened={asked !== null} onClose={() => setAsked(null)} title={words.refundTitle} size={460} lockScroll={false}>
        {asked ? <RefundForm key={asked.requestId} asked={asked} onClose={() => setAsked(null)} /> : null}
      </Modal>
    ),
  }
}

function RefundForm({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const openApprovals = useOpenApprovals()
  const { payment, left, requestId } = asked
  const [minor, setMinor] = useState<number | null>(left.minor)
  const [reason, setReason] = useState('')
  const [checked, setChecked] = useState(false)
  const command = useCommand('payments.requestRefund', {
    onDone: (refund) => {
      onClose()
      toast.done(words.submitted(moneyText(refund.amount)), words.submittedText)
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(words.waits, words.waitsText, openApprovals)
    },
  })
  const amountProblem =
    minor === null || minor <= 0 ? words.amountMissing : minor > left.minor ? words.tooMuch(moneyText(left)) : null
  const reasonProblem = reason.trim() === '' ? words.reasonMissing : null
  const amount = { minor: minor ?? 0, currency: left.currency }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (amountProblem === null && reasonProblem === null) {
      command.mutate({ requestId, paymentId: payment.id, amount, reason: reason.trim() })
    }
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <MoneyField
          label={words.refundAmount}
          description={words.remainingNote(moneyText(left))}
          currency={left.currency}
          minor={minor}
          onMinor={setMinor}
          data-autofocus
          error={checked || (minor !== null && minor > left.minor) ? amountProblem : null}
        />
        <TextInput
          label={words.reason}
          description={words.reasonNote}
          maxLength={500}
          value={reason}
          error={checked ? reasonProblem : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <p className={styles.warning}>
          <IconAlertTriangle size={16} stroke={1.8} aria-hidden="true" />
          <span>
            {words.cannotUndo} {payment.fee ? words.feeNote(moneyText(payment.fee)) : null}
          </span>
        </p>
        <FailureNote title={words.notRefunded} error={command.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" color="wax" loading={command.isPending}>
            {amountProblem === null ? words.refundNow(moneyText(amount)) : words.refund}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
