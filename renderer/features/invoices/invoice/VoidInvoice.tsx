import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Invoice, InvoiceStatus } from '../../../../shared/contract/invoices'
import { newRequestId } from '../../../api/bridge'
import { useCommand } from '../../../api/queries'
import { FailureNote } from '../../../components/FailureNote'
import { FormActions, FormStack } from '../../../components/FormStack'
import { toast } from '../../../components/toasts'
import { useOpenApprovals } from '../../../components/useOpenApprovals'
import { invoiceTitle } from '../invoiceTitle'
import { words as common } from '../words'
import { words } from './words'

interface Asked {
  readonly invoice: Invoice
  readonly requestId: string
}

/** Asks for the reason before an invoice is voided, and says that it cannot be undone. */
export function useVoidInvoice(): { ask: (invoice: Invoice) => void; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked | null>(null)
  const isDraft = asked?.invoice.status === 'draft'
  return {
    ask: (invoice) => setAsked({ invoice, requestId: newRequestId() }),
    dialog: (
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked ? (isDraft ? words.discardTitle : words.voidTitle(invoiceTitle(asked.invoice))) : ''}
        size={460}
        lockScroll={false}
      >
        {asked ? <VoidForm key={asked.requestId} asked={asked} onClose={() => setAsked(null)} /> : null}
      </Modal>
    ),
  }
}

function whatVoidingDoes(status: InvoiceStatus): string {
  if (status === 'draft') return words.discardText
  return status === 'sending' ? words.withdrawText : words.voidText
}

function VoidForm({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const { invoice, requestId } = asked
  const isDraft = invoice.status === 'draft'
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const openApprovals = useOpenApprovals()
  const command = useCommand('invoices.void', {
    onDone: () => {
      onClose()
      toast.done(isDraft ? words.discarded : words.voided(invoiceTitle(invoice)))
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(common.waits, common.waitsText, openApprovals)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const text = reason.trim()
    setMissing(text === '')
    if (text !== '') command.mutate({ invoiceId: invoice.id, reason: text, requestId })
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <div>{whatVoidingDoes(invoice.status)}</div>
        <TextInput
          label={words.reason}
          description={words.reasonNote}
          data-autofocus
          maxLength={500}
          value={reason}
          error={missing && reason.trim() === '' ? words.reasonMissing : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FailureNote title={words.notVoided} error={command.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button color="wax" type="submit" loading={command.isPending}>
            {isDraft ? words.discardDraft : words.voidIt}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
