import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconBan,
  IconCopyPlus,
  IconDotsVertical,
  IconEdit,
  IconExternalLink,
  IconFileTypePdf,
  IconSend,
  IconTrash,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { Invoice } from '../../../../shared/contract/invoices'
import { callShell } from '../../../api/bridge'
import { useCommand } from '../../../api/queries'
import { useShortcut } from '../../../app/shortcuts'
import { CopyButton } from '../../../components/CopyText'
import { toast } from '../../../components/toasts'
import { useOpenApprovals } from '../../../components/useOpenApprovals'
import { useSendInvoice } from '../SendInvoice'
import { words as common } from '../words'
import styles from './invoice.module.css'
import { useVoidInvoice } from './VoidInvoice'
import { words } from './words'

/** What can be done with an invoice as it stands. */
export function InvoiceActions({ invoice }: { readonly invoice: Invoice }) {
  const navigate = useNavigate()
  const send = useSendInvoice()
  const voiding = useVoidInvoice()
  const isDraft = invoice.status === 'draft'
  const isHeldUp = invoice.status === 'sending' && invoice.problem !== null
  const canVoid = isDraft || isHeldUp || invoice.status === 'open' || invoice.status === 'uncollectible'
  const edit = () => void navigate({ to: '/invoices/$invoiceId/edit', params: { invoiceId: invoice.id } })
  const openApprovals = useOpenApprovals()
  const duplicate = useCommand('invoices.duplicate', {
    onDone: (copy) => {
      toast.done(words.duplicated)
      void navigate({ to: '/invoices/$invoiceId/edit', params: { invoiceId: copy.id } })
    },
    onAwaitingApproval: () => toast.waiting(common.waits, common.waitsText, openApprovals),
    onError: (error) => toast.failed(words.notDuplicated, error),
  })
  useShortcut('e', words.edit, edit, { enabled: isDraft })
  useShortcut('s', words.send, () => send.ask(invoice), { enabled: isDraft })
  useShortcut('p', words.pdf, () => savePdf(invoice.id))
  useShortcut('d', words.duplicate, () => duplicate.mutate({ invoiceId: invoice.id }))

  return (
    <>
      {isDraft ? (
        <>
          <Button variant="default" leftSection={<IconEdit size={15} />} onClick={edit}>
            {words.edit}
          </Button>
          <Button leftSection={<IconSend size={15} />} onClick={() => send.ask(invoice)}>
            {words.send}
          </Button>
        </>
      ) : (
        <Button
          variant="default"
          className={styles.wide ?? ''}
          leftSection={<IconFileTypePdf size={15} />}
          onClick={() => savePdf(invoice.id)}
        >
          {words.pdf}
        </Button>
      )}
      {invoice.hostedInvoiceUrl && invoice.status === 'open' ? (
        <>
          <CopyButton text={invoice.hostedInvoiceUrl} label={words.copyLink} />
          <Button leftSection={<IconExternalLink size={15} />} onClick={() => openLink(invoice.hostedInvoiceUrl)}>
            {words.openLink}
          </Button>
        </>
      ) : null}
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon size={36} variant="default" aria-label={words.more}>
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFileTypePdf size={15} />} onClick={() => savePdf(invoice.id)}>
            {words.pdf}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopyPlus size={15} />} onClick={() => duplicate.mutate({ invoiceId: invoice.id })}>
            {words.duplicate}
          </Menu.Item>
          {canVoid ? (
            <>
              <Menu.Divider />
              <Menu.Item
                color="wax"
                leftSection={isDraft ? <IconTrash size={15} /> : <IconBan size={15} />}
                onClick={() => voiding.ask(invoice)}
              >
                {isDraft ? words.discardDraft : words.voidIt}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {send.dialog}
      {voiding.dialog}
    </>
  )
}

function savePdf(invoiceId: string): void {
  callShell('shell.savePdf', { invoiceId }).then(
    ({ saved }) => {
      if (saved) toast.done(words.pdfSaved)
    },
    (error: unknown) => toast.failed(words.pdfFailed, error),
  )
}

function openLink(url: string | null): void {
  if (url === null) return
  callShell('shell.openExternal', { url }).catch((error: unknown) => toast.failed(words.linkFailed, error))
}
