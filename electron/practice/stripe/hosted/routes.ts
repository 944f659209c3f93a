import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import type { Cause, Context } from '../context'
import { parseForm } from '../http/form'
import { payWithCard } from '../resources/paying'
import { findCard, isCardNumber } from '../rules/cards'
import type { Store } from '../store/store'
import { invoicePage, type Notice, notFoundPage } from './page'
import { invoicePdf } from './pdf'
import { STYLE } from './style'

export interface PageRequest {
  method: string
  path: string
  body: string
  accept: string
}

export interface PageAnswer {
  status: number
  headers: Record<string, string>
  body: string | Buffer
}

export interface HostedParts {
  store: Store
  transact<T>(cause: Cause, work: (ctx: Context) => T): T
}

/** The result of posting a card. `error` is what Stripe would report. */
interface Attempted {
  status: number
  notice: Notice
  invoice: Stripe.Invoice
  error?: { type: string; code: string; decline_code?: string; message: string }
}

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Answers `/i/{account}/{token}`, `.../pay` and `.../pdf`: the pages a customer opens. No fault ever hits them. */
export function handleHosted(parts: HostedParts, request: PageRequest): PageAnswer {
  const [, , , token = '', action = '', ...more] = request.path.split('/')
  const invoice = parts.store.findBy('invoice', 'token', token)
  const known = invoice?.hosted_invoice_url === request.path.split('/').slice(0, 4).join('/') && more.length === 0
  if (invoice === undefined || !known) return page(404, notFoundPage())
  if (request.method === 'GET' && action === '') return page(200, invoicePage(invoice, taxNames(parts.store, invoice)))
  if (request.method === 'GET' && action === 'pay')
    return { status: 303, headers: { ...HEADERS, Location: invoice.hosted_invoice_url ?? '' }, body: '' }
  if (request.method === 'GET' && action === 'pdf')
    return { status: 200, headers: { ...HEADERS, 'Content-Type': 'application/pdf' }, body: invoicePdf(invoice) }
  if (request.method !== 'POST' || action !== 'pay') return page(404, notFoundPage())
  const attempted = attempt(parts, invoice, cardField(request.body))
  return request.accept.includes('application/json')
    ? json(attempted)
    : page(attempted.status, invoicePage(attempted.invoice, taxNames(parts.store, attempted.invoice), attempted.notice))
}

function cardField(body: string): string {
  const field = parseForm(body).card
  return typeof field === 'string' ? field : ''
}

function attempt(parts: HostedParts, before: Stripe.Invoice, typed: string): Attempted {
  if (before.status === 'paid')
    return refused(before, 409, 'invoice_already_paid', 'This invoice is already paid. Nothing was charged.')
  if (before.status === 'void')
    return refused(before, 409, 'invoice_void', 'This invoice was voided and can no longer be paid. Nothing was charged.')
  const card = findCard(typed)
  if (card === undefined)
    return isCardNumber(typed)
      ? declined(before, {
          code: 'card_declined',
          decline_code: 'test_mode_live_card',
          message: 'Your card was declined. This is a practice page and takes only test cards; nothing you typed was kept.',
        })
      : declined(before, { code: 'incorrect_number', message: 'Your card number is incorrect.' })
  const { invoice } = parts.transact({ id: null, idempotency_key: null }, (ctx) =>
    payWithCard(ctx, ctx.store.get('invoice', before.id), card),
  )
  if (card.decline !== undefined) {
    const { code, declineCode, message } = card.decline
    return declined(invoice, { code, message, ...(declineCode === undefined ? {} : { decline_code: declineCode }) })
  }
  return { status: 200, invoice, notice: { kind: 'good', text: 'Paid. Thank you! (No real money moved.)' } }
}

function declined(invoice: Stripe.Invoice, error: { code: string; decline_code?: string; message: string }): Attempted {
  const why = error.decline_code ?? error.code
  return {
    status: 402,
    invoice,
    notice: { kind: 'bad', text: `${error.message} (${why.replaceAll('_', ' ')})` },
    error: { type: 'card_error', ...error },
  }
}

function refused(invoice: Stripe.Invoice, status: number, code: string, message: string): Attempted {
  return { status, invoice, notice: { kind: 'bad', text: message }, error: { type: 'invalid_request_error', code, message } }
}

function json({ status, invoice, notice, error }: Attempted): PageAnswer {
  const body = {
    status: invoice.status,
    message: notice.text,
    invoice: {
      id: invoice.id,
      number: invoice.number,
      currency: invoice.currency,
      total: invoice.total,
      amount_paid: invoice.amount_paid,
      amount_remaining: invoice.amount_remaining,
    },
    ...(error === undefined ? {} : { error }),
  }
  return {
    status,
    headers: { ...HEADERS, 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body, null, 2),
  }
}

function page(status: number, body: string): PageAnswer {
  return { status, headers: { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' }, body }
}

function taxNames(store: Store, invoice: Stripe.Invoice): Map<string, string> {
  const names = new Map<string, string>()
  for (const tax of invoice.total_taxes ?? []) {
    const rate = store.find('tax_rate', tax.tax_rate_details?.tax_rate ?? '')
    if (rate !== undefined) names.set(rate.id, `${rate.display_name} (${rate.percentage}%)`)
  }
  return names
}
