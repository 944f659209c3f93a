import type Stripe from 'stripe'
import { formatAmount } from '../rules/currency'
import { ACCOUNT_TIME_ZONE } from '../wire'

const PER_PAGE = 44

/** PDF text in WinAnsi: what Latin-1 cannot show becomes a question mark. */
function literal(text: string): string {
  const latin = [...text]
    .map((character) => (/^[\x20-\x7e\xa0-\xff]$/.test(character) ? character : character === '€' ? '\x80' : '?'))
    .join('')
  return `(${latin.replace(/[\\()]/g, '\\$&')})`
}

/** One page of text lines, as a PDF content stream. */
function content(lines: readonly string[]): string {
  return `BT /F1 11 Tf 56 780 Td 16 TL ${lines.map((line) => `${literal(line.slice(0, 95))} Tj T*`).join(' ')} ET`
}

/** The lines cut into pages (ISO 32000-1, 7.5: header, objects, cross-reference table, trailer). */
function pdf(lines: readonly string[]): Buffer {
  const pages: string[][] = []
  for (let at = 0; at < lines.length; at += PER_PAGE) pages.push(lines.slice(at, at + PER_PAGE))
  const pageId = (index: number): number => 4 + 2 * index
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_page, index) => `${pageId(index)} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((page, index) => {
      const stream = content(page)
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${pageId(index) + 1} 0 R >>`,
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ]
    }),
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  const start = file.length
  file += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

/** The invoice as a plain PDF document. */
export function invoicePdf(invoice: Stripe.Invoice): Buffer {
  const money = (amount: number): string => formatAmount(amount, invoice.currency)
  return pdf([
    'PRACTICE INVOICE - NO REAL MONEY',
    '',
    `Invoice ${invoice.number ?? ''}`,
    `From: ${invoice.account_name ?? 'Practice business'}`,
    `To: ${invoice.customer_name ?? invoice.customer_email ?? ''}`,
    ...(invoice.due_date === null
      ? []
      : [`Due: ${new Date(invoice.due_date * 1000).toLocaleDateString('en-CA', { timeZone: ACCOUNT_TIME_ZONE })}`]),
    '',
    ...invoice.lines.data.map(
      (line) => `${line.description ?? 'Item'}   x ${String(line.quantity_decimal ?? 1)}   ${money(line.amount)}`,
    ),
    '',
    `Subtotal: ${money(invoice.subtotal)}`,
    `Tax: ${money((invoice.total_taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0))}`,
    `Total: ${money(invoice.total)}`,
    `Status: ${invoice.status ?? ''}`,
  ])
}
