import { useCallback, useEffect, useRef, useState } from 'react'
import type { Invoice } from '../../../../shared/contract/invoices'
import { runCommand } from '../../../api/queries'
import { checkDraft, type Draft, type DraftInput, draftOfInvoice, sameInput } from './invoiceDraft'

export type SaveState =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'waiting'; readonly approvalId: string }
  | { readonly kind: 'failed'; readonly error: unknown }

interface Saved {
  readonly invoice: Invoice
  readonly input: DraftInput
}

const settleMs = 700

function savedOf(invoice: Invoice | null): Saved | null {
  if (!invoice) return null
  const check = checkDraft(draftOfInvoice(invoice))
  return check.ok ? { invoice, input: check.input } : null
}

/**
 * Keeps a draft stored while it is typed: created once it is complete enough, updated 700 ms after the last change, one save at a time.
 * @param touched whether the owner changed anything; an untouched form stores nothing
 */
export function useDraftAutosave(businessId: string, stored: Invoice | null, draft: Draft, touched: boolean) {
  const [state, setState] = useState<SaveState>({ kind: stored ? 'saved' : 'untouched' })
  const saved = useRef<Saved | null>(savedOf(stored))
  const latest = useRef(draft)
  const running = useRef<Promise<Invoice | null> | null>(null)
  latest.current = draft

  const save = useCallback(async (): Promise<Invoice | null> => {
    for (;;) {
      const check = checkDraft(latest.current)
      const before = saved.current
      if (!check.ok) {
        setState({ kind: 'incomplete' })
        return null
      }
      if (before && sameInput(before.input, check.input)) {
        setState({ kind: 'saved' })
        return before.invoice
      }
      setState({ kind: 'saving' })
      try {
        const outcome = await store(businessId, before?.invoice ?? null, check.input)
        if (outcome.status === 'awaitingApproval') {
          setState({ kind: 'waiting', approvalId: outcome.approvalId })
          return null
        }
        saved.current = { invoice: outcome.value, input: check.input }
      } catch (error) {
        setState({ kind: 'failed', error })
        return null
      }
    }
  }, [businessId])

  /** Stores what is typed now; answers the stored invoice, or null when it is incomplete or was refused. */
  const flush = useCallback(async (): Promise<Invoice | null> => {
    if (running.current) await running.current
    running.current = save()
    try {
      return await running.current
    } finally {
      running.current = null
    }
  }, [save])

  const draftText = JSON.stringify(draft)
  useEffect(() => {
    if (!touched || draftText === '') return
    const timer = setTimeout(() => void flush(), settleMs)
    return () => clearTimeout(timer)
  }, [draftText, touched, flush])

  return { state, flush, invoiceId: saved.current?.invoice.id ?? null }
}

function store(businessId: string, stored: Invoice | null, input: DraftInput) {
  const { customerId, currency, dueOn, memo } = input
  const lines = [...input.lines]
  if (!stored) {
    return runCommand('invoices.create', {
      businessId,
      customerId,
      currency,
      dueOn,
      lines,
      ...(memo === '' ? {} : { memo }),
    })
  }
  return runCommand('invoices.update', {
    invoiceId: stored.id,
    version: stored.version,
    customerId,
    currency,
    dueOn,
    lines,
    memo: memo === '' ? null : memo,
  })
}
