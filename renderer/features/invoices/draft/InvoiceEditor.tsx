import { Button } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Invoice } from '../../../../shared/contract/invoices'
import { useBusiness } from '../../../app/BusinessProvider'
import { askToLeave, useLeaveGuard } from '../../../app/leaving'
import { useShortcut } from '../../../app/shortcuts'
import { Page } from '../../../components/Page'
import { Segments } from '../../../components/Segments'
import { useSendInvoice } from '../SendInvoice'
import { words as common } from '../words'
import { DraftForm } from './DraftForm'
import { DraftPreview } from './DraftPreview'
import styles from './editor.module.css'
import { checkDraft, type Draft } from './invoiceDraft'
import { SaveNote } from './SaveNote'
import { useDraftAutosave } from './useDraftAutosave'
import { words } from './words'

interface InvoiceEditorProps {
  /** The stored draft; null for a new one. */
  readonly stored: Invoice | null
  readonly initial: Draft
  /** Reads the stored draft again, after a conflict. */
  readonly onReload?: () => void
}

/** Writes an invoice: form on one side, the customer's page on the other; kept as a draft all along. */
export function InvoiceEditor({ stored, initial, onReload }: InvoiceEditorProps) {
  const business = useBusiness()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(initial)
  const [touched, setTouched] = useState(false)
  const [showProblems, setShowProblems] = useState(false)
  const [side, setSide] = useState<'write' | 'preview'>('write')
  const { state, flush } = useDraftAutosave(business.id, stored, draft, touched)
  const send = useSendInvoice()
  const check = checkDraft(draft)

  const change = (next: Draft) => {
    setTouched(true)
    setDraft(next)
  }
  const leaveTo = (invoiceId: string) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId }, ignoreBlocker: true })
  const finish = async (andSend: boolean) => {
    setShowProblems(true)
    const invoice = await flush()
    if (!invoice) return
    if (andSend) send.ask(invoice, () => leaveTo(invoice.id))
    else leaveTo(invoice.id)
  }
  useShortcut('mod+enter', words.review, () => void finish(true))
  useShortcut('mod+s', words.saveDraft, () => void finish(false))

  useLeaveGuard(async () => !touched || (await flush()) !== null || askToLeave(words.leaveText))

  return (
    <Page
      fill
      back={<Link to="/invoices">{common.title}</Link>}
      title={stored ? words.editTitle : words.newTitle}
      note={<SaveNote state={state} onRetry={() => void flush()} onReload={onReload} />}
      actions={
        <>
          <span className={styles.sides}>
            <Segments
              label={words.preview}
              value={side}
              options={[
                { value: 'write', label: words.write },
                { value: 'preview', label: words.preview },
              ]}
              onChange={setSide}
            />
          </span>
          <Button variant="default" onClick={() => void finish(false)}>
            {words.saveDraft}
          </Button>
          <Button leftSection={<IconSend size={15} />} onClick={() => void finish(true)}>
            {words.review}
          </Button>
        </>
      }
    >
      <div className={styles.editor} data-side={side}>
        <div className={styles.write}>
          <DraftForm draft={draft} onChange={change} problems={showProblems && !check.ok ? check.problems : {}} />
        </div>
        <aside className={styles.preview} aria-label={words.preview}>
          <DraftPreview draft={draft} stored={stored} />
        </aside>
      </div>
      {send.dialog}
    </Page>
  )
}
