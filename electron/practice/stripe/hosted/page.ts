import type Stripe from 'stripe'
import { TEST_CARDS } from '../rules/cards'
import { formatAmount } from '../rules/currency'
import { ACCOUNT_TIME_ZONE } from '../wire'
import { Html, html } from './html'
import { STYLE } from './style'

/** What happened to the attempt that led to this page, if there was one. */
export interface Notice {
  kind: 'good' | 'bad'
  text: string
}

const day = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleDateString('en-US', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: ACCOUNT_TIME_ZONE,
  })

const STATE: Record<string, string> = { open: 'Open', paid: 'Paid', void: 'Void', uncollectible: 'Written off' }

function document(title: string, content: Html): string {
  return `<!doctype html>${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header class="band" role="banner">Practice payment page - no real money</header>
<main>
${content}
</main>
</body>
</html>
`.markup
  }`
}

function lineRow(line: Stripe.InvoiceLineItem): Html {
  const quantity = String(line.quantity_decimal ?? line.quantity ?? 1)
  return html`<tr><td>${line.description ?? 'Item'}</td><td class="money">${quantity}</td><td class="money">${formatAmount(line.amount, line.currency)}</td></tr>`
}

function sumRow(label: string, amount: number, currency: string): Html {
  return html`<tr><td colspan="2">${label}</td><td class="money">${formatAmount(amount, currency)}</td></tr>`
}

function statement(invoice: Stripe.Invoice, taxNames: ReadonlyMap<string, string>): Html {
  const taxes = (invoice.total_taxes ?? []).map((tax) => {
    const name = taxNames.get(tax.tax_rate_details?.tax_rate ?? '') ?? 'Tax'
    return sumRow(tax.tax_behavior === 'inclusive' ? `${name} (included)` : name, tax.amount, invoice.currency)
  })
  return html`<section aria-label="Invoice lines">
<table>
<thead><tr><th scope="col">Description</th><th scope="col" class="money">Quantity</th><th scope="col" class="money">Amount</th></tr></thead>
<tbody>${invoice.lines.data.map(lineRow)}</tbody>
<tfoot>
${sumRow('Subtotal', invoice.subtotal, invoice.currency)}
${taxes}
${sumRow('Total', invoice.total, invoice.currency)}
${sumRow('Amount due', invoice.amount_remaining, invoice.currency)}
</tfoot>
</table>
</section>`
}

function payment(invoice: Stripe.Invoice): Html | null {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return null
  const cards = TEST_CARDS.map((card) => html`<tr><td>${card.number}</td><td>${card.says}</td></tr>`)
  return html`<section aria-label="Payment">
<h2>Pay with a test card</h2>
<form method="post" action="${invoice.hosted_invoice_url ?? ''}/pay">
<label>Card number
<input name="card" inputmode="numeric" autocomplete="off" required maxlength="30" value="4242424242424242">
</label>
<button type="submit">Pay ${formatAmount(invoice.amount_remaining, invoice.currency)}</button>
</form>
<details>
<summary>Test cards and what they do</summary>
<table>
<thead><tr><th scope="col">Number</th><th scope="col">What it does</th></tr></thead>
<tbody>${cards}</tbody>
</table>
</details>
</section>`
}

/** The page a customer sees. `taxNames` maps tax rate ids to what they are called. */
export function invoicePage(invoice: Stripe.Invoice, taxNames: ReadonlyMap<string, string>, notice?: Notice): string {
  const status = invoice.status ?? 'open'
  const said =
    notice === undefined
      ? null
      : html`<p class="note ${notice.kind}" role="${notice.kind === 'bad' ? 'alert' : 'status'}">${notice.text}</p>`
  return document(
    `Invoice ${invoice.number ?? ''}`,
    html`${said}
<section aria-label="Invoice">
<p class="soft">Invoice ${invoice.number ?? ''} from ${invoice.account_name ?? 'the practice business'}</p>
<h1>${formatAmount(invoice.total, invoice.currency)}</h1>
<span class="pill ${status}">${STATE[status] ?? status}</span>
<dl>
<dt>To</dt><dd>${invoice.customer_name ?? invoice.customer_email ?? 'Customer'}</dd>
${invoice.due_date === null ? null : html`<dt>Due</dt><dd>${day(invoice.due_date)}</dd>`}
${invoice.description === null ? null : html`<dt>Memo</dt><dd>${invoice.description}</dd>`}
<dt>Copy</dt><dd><a href="${invoice.invoice_pdf ?? ''}">Download the PDF</a></dd>
</dl>
</section>
${statement(invoice, taxNames)}
${payment(invoice)}`,
  )
}

export function notFoundPage(): string {
  return document(
    'Not found',
    html`<section><h1>Not found</h1><p class="soft">There is no practice invoice at this address.</p></section>`,
  )
}
