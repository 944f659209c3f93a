import type { Address, Customer } from '../contract/customers'
import type { Invoice } from '../contract/invoices'
import { formatTaxRate, taxSummary } from './invoiceTotals'
import { formatMoney, type Money } from './money'
import { placeLines } from './placeLines'

/** What is stamped across every page; null on an invoice that is simply due. */
export type InvoiceStamp = 'DRAFT' | 'NOT YET SENT' | 'PAID' | 'VOID' | null

export interface LabelledText {
  readonly label: string
  readonly value: string
  /** Set in bold: what is to be paid. */
  readonly strong: boolean
}

export interface DocumentColumn {
  readonly title: string
  readonly align: 'left' | 'right'
}

export interface DocumentTable {
  readonly columns: readonly DocumentColumn[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * An invoice laid out as blocks of text, from which the PDF and the window's preview are made, so that both say the same. All text is
 * plain; amounts are formatted with their currency's full exponent.
 */
export interface InvoiceDocument {
  /** `INV-0001.pdf`, or `draft-<id>.pdf` without a number. */
  readonly fileName: string
  readonly title: string
  /** Letter where the seller's country uses it, else A4. */
  readonly pageSize: 'A4' | 'LETTER'
  readonly stamp: InvoiceStamp
  readonly seller: readonly string[]
  readonly billTo: readonly string[]
  /** Number, dates. */
  readonly facts: readonly LabelledText[]
  readonly lines: DocumentTable
  readonly totals: readonly LabelledText[]
  /** Net and tax per rate; null when no line is taxed. */
  readonly taxes: DocumentTable | null
  readonly memo: string | null
  /** Where the customer pays online; null unless money is due there. */
  readonly payAt: string | null
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** Countries whose paper is Letter (Unicode CLDR, supplemental measurement data: paperSize US-Letter). */
const letterCountries: ReadonlySet<string> = new Set([
  'BZ',
  'CA',
  'CL',
  'CO',
  'CR',
  'GT',
  'MX',
  'NI',
  'PA',
  'PH',
  'PR',
  'SV',
  'US',
  'VE',
])

/** `2026-01-15` as "15 January 2026". */
export function formatDate(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}`
}

/** An amount without its currency, digits grouped: "1,250.00". */
function bareAmount(amount: Money): string {
  return formatMoney(amount).slice(amount.currency.length + 1)
}

const regionNames = new Intl.DisplayNames(['en'], { type: 'region' })

/** The English name of an ISO 3166-1 code; the code itself where it names no country. */
function countryName(code: string): string {
  return regionNames.of(code) ?? code
}

function addressLines(address: Address | null): string[] {
  if (address === null) return []
  const country = address.country === undefined ? undefined : countryName(address.country)
  return [address.line1, address.line2, ...placeLines(address), country].filter(
    (line): line is string => line !== undefined && line !== '',
  )
}

function stampOf(invoice: Invoice): InvoiceStamp {
  switch (invoice.status) {
    case 'draft':
      return 'DRAFT'
    case 'sending':
      return 'NOT YET SENT'
    case 'paid':
      return 'PAID'
    case 'void':
      return 'VOID'
    case 'open':
    case 'uncollectible':
      return null
  }
}

function totalsOf(invoice: Invoice): LabelledText[] {
  const row = (label: string, amount: Money, strong = false): LabelledText => ({ label, value: formatMoney(amount), strong })
  const partlyPaid = invoice.amountPaid.minor > 0
  return [
    row('Subtotal', invoice.subtotal),
    row('Tax', invoice.tax),
    row('Total', invoice.total, !partlyPaid),
    ...(partlyPaid ? [row('Paid', invoice.amountPaid), row('Amount due', invoice.amountDue, true)] : []),
  ]
}

function taxesOf(invoice: Invoice): DocumentTable | null {
  const summary = taxSummary(
    invoice.lines.map((line) => ({ taxRate: line.taxRate, amount: line.amount.minor, tax: line.tax.minor })),
  )
  if (summary.every((row) => row.rate === null)) return null
  const { currency } = invoice
  return {
    columns: [
      { title: 'Tax rate', align: 'left' },
      { title: `Net (${currency})`, align: 'right' },
      { title: `Tax (${currency})`, align: 'right' },
    ],
    rows: summary.map((row) => [
      row.rate === null ? 'No tax' : formatTaxRate(row.rate),
      bareAmount({ minor: row.net, currency }),
      bareAmount({ minor: row.tax, currency }),
    ]),
  }
}

/**
 * Lays out an invoice. Pure: the same three records give the same document.
 * @param customer as it was when the invoice was issued, where that is known
 */
export function invoiceDocument(
  business: { readonly name: string; readonly country: string },
  customer: Pick<Customer, 'name' | 'email' | 'address'>,
  invoice: Invoice,
): InvoiceDocument {
  const { currency, number } = invoice
  const fact = (label: string, value: string, strong = false): LabelledText => ({ label, value, strong })
  return {
    fileName: number === null ? `draft-${invoice.id}.pdf` : `${number}.pdf`,
    title: number === null ? 'Invoice (draft)' : `Invoice ${number}`,
    pageSize: letterCountries.has(business.country) ? 'LETTER' : 'A4',
    stamp: stampOf(invoice),
    seller: [business.name, countryName(business.country)],
    billTo: [customer.name, ...addressLines(customer.address), customer.email].filter((line) => line !== ''),
    facts: [
      fact('Invoice number', number ?? 'not yet given'),
      fact('Date of issue', invoice.issuedOn === null ? 'not yet issued' : formatDate(invoice.issuedOn)),
      fact('Date due', formatDate(invoice.dueOn), true),
    ],
    lines: {
      columns: [
        { title: 'Description', align: 'left' },
        { title: 'Quantity', align: 'right' },
        { title: `Unit price (${currency})`, align: 'right' },
        { title: 'Tax', align: 'right' },
        { title: `Amount (${currency})`, align: 'right' },
      ],
      rows: invoice.lines.map((line) => [
        line.description,
        line.quantity,
        bareAmount(line.unitPrice),
        line.taxRate === null ? '' : formatTaxRate(line.taxRate),
        bareAmount(line.amount),
      ]),
    },
    totals: totalsOf(invoice),
    taxes: taxesOf(invoice),
    memo: invoice.memo,
    payAt: invoice.status === 'open' ? invoice.hostedInvoiceUrl : null,
  }
}
