import { Button, Modal } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Invoice } from '../../../shared/contract/invoices'
import { newRequestId } from '../../api/bridge'
import { CallError } from '../../api/failure'
import { useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Facts } from '../../components/Facts'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { dateText, moneyText } from '../../components/format'
import { toast } from '../../components/toasts'
import { useOpenApprovals } from '../../components/useOpenApprovals'
import { words } from './words'

interface Asked {
  readonly invoice: Invoice
  readonly requestId: string
  readonly onSent: () => void
}

/** Asks before an invoice leaves the house. The request id is made when the dialog opens: a double click is one sending. */
export function useSendInvoice(): { ask: (invoice: Invoice, onSent?: () => void) => void; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked | null>(null)
  return {
    ask: (invoice, onSent = () => undefined) => setAsked({ invoice, requestId: newRequestId(), onSent }),
    dialog: (
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked ? words.sendTitle(moneyText(asked.invoice.total)) : ''}
        size={480}
        lockScroll={false}
      >
        {asked ? <SendForm key={asked.requestId} asked={asked} onClose={() => setAsked(null)} /> : null}
      </Modal>
    ),
  }
}

function SendForm({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const business = useBusiness()
  const navigate = useNavigate()
  const customer = useRead('customers.get', { customerId: asked.invoice.customerId })
  const integrations = useRead('integrations.list', { businessId: business.id })
  const connected = integrations.data?.items.some((item) => item.state !== 'not_connected' && item.state !== 'manual') ?? true
  const openApprovals = useOpenApprovals()
  const send = useCommand('invoices.send', {
    onDone: (invoice) => {
      onClose()
      asked.onSent()
      toast.done(words.sent(invoice.number), words.sentText)
    },
    onAwaitingApproval: () => {
      onClose()
      asked.onSent()
      toast.waiting(words.waits, words.waitsText, openApprovals)
    },
  })
  const notConnected = !connected || (send.error instanceof CallError && send.error.code === 'not_connected')
  const connect = () => {
    onClose()
    void navigate({ to: '/settings/$section', params: { section: 'integrations' } })
  }
  return (
    <FormStack>
      <div>{words.sendText}</div>
      <Facts
        items={[
          [words.sendTo, customer.data ? `${customer.data.name} · ${customer.data.email}` : '…'],
          [words.total, moneyText(asked.invoice.total)],
          [words.due, dateText(asked.invoice.dueOn)],
        ]}
      />
      <FailureNote title={words.notSent} error={notConnected ? words.notConnected : send.error} />
      <FormActions>
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
        {notConnected ? (
          <Button onClick={connect} data-autofocus>
            {words.connect}
          </Button>
        ) : (
          <Button
            data-autofocus
            leftSection={<IconSend size={15} />}
            loading={send.isPending}
            onClick={() => send.mutate({ invoiceId: asked.invoice.id, requestId: asked.requestId })}
          >
            {words.sendNow}
          </Button>
        )}
      </FormActions>
    </FormStack>
  )
}
