import { expect, test } from 'vitest'
import type { Invoice } from '../contract/invoices'
import { formatDate, invoiceDocument } from './invoiceDocument'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const business = { name: 'Studio Nord', country: 'DE' }
const customer = {
  name: 'Anna Ångström',
  email: 'anna@example.com',
  address: { line1: 'Hauptstraße 5', line2: 'Hof', postalCode: '10115', city: 'Berlin', state: 'Berlin', country: 'DE' },
}

const line = (description: string, minor: number, taxRate: string | null, tax: number) => ({
  description,
  quantity: '1.5',
  unitPrice: usd(minor),
  taxRate,
  account: 'income:services',
  amount: usd(minor * 1.5),
  tax: usd(tax),
})

const invoice: Invoice = {
  id: 'inv_1',
  businessId: 'biz_1',
  customerId: 'cus_1',
  number: 'INV-0042',
  status: 'open',
  currency: 'USD',
  issuedOn: '2026-01-15',
  dueOn: '2026-02-14',
  lines: [line('Logo', 100_000, '0.20', 30_000), line('Fonts', 2000, '0.2', 600), line('Postage', 1000, null, 0)],
  subtotal: usd(154_500),
  tax: usd(30_600),
  total: usd(185_100),
  amountPaid: usd(0),
  amountDue: usd(185_100),
  hostedInvoiceUrl: 'https://invoice.stripe.com/i/1',
  memo: 'Thank you.',
  overdue: false,
  problem: null,
  createdAt: 0,
  version: 1,
}

test('an open invoice, laid out', () => {
  expect(invoiceDocument(business, customer, invoice)).toEqual({
    fileName: 'INV-0042.pdf',
    title: 'Invoice INV-0042',
    pageSize: 'A4',
    stamp: null,
    seller: ['Studio Nord', 'Germany'],
    billTo: ['Anna Ångström', 'Hauptstraße 5', 'Hof', '10115 Berlin', 'Berlin', 'Germany', 'anna@example.com'],
    facts: [
      { label: 'Invoice number', value: 'INV-0042', strong: false },
      { label: 'Date of issue', value: '15 January 2026', strong: false },
      { label: 'Date due', value: '14 February 2026', strong: true },
    ],
    lines: {
      columns: [
        { title: 'Description', align: 'left' },
        { title: 'Quantity', align: 'right' },
        { title: 'Unit price (USD)', align: 'right' },
        { title: 'Tax', align: 'right' },
        { title: 'Amount (USD)', align: 'right' },
      ],
      rows: [
        ['Logo', '1.5', '1,000.00', '20 %', '1,500.00'],
        ['Fonts', '1.5', '20.00', '20 %', '30.00'],
        ['Postage', '1.5', '10.00', '', '15.00'],
      ],
    },
    totals: [
      { label: 'Subtotal', value: 'USD 1,545.00', strong: false },
      { label: 'Tax', value: 'USD 306.00', strong: false },
      { label: 'Total', value: 'USD 1,851.00', strong: true },
    ],
    taxes: {
      columns: [
        { title: 'Tax rate', align: 'left' },
        { title: 'Net (USD)', align: 'right' },
        { title: 'Tax (USD)', align: 'right' },
      ],
      rows: [
        ['20 %', '1,530.00', '306.00'],
        ['No tax', '15.00', '0.00'],
      ],
    },
    memo: 'Thank you.',
    payAt: 'https://invoice.stripe.com/i/1',
  })
})

test('a draft has no number, no date and no way to pay', () => {
  const draft = { ...invoice, status: 'draft' as const, number: null, issuedOn: null, hostedInvoiceUrl: null, memo: null }
  const document = invoiceDocument({ ...business, country: 'US' }, { ...customer, address: null }, draft)
  expect(document).toMatchObject({
    fileName: 'draft-inv_1.pdf',
    title: 'Invoice (draft)',
    stamp: 'DRAFT',
    pageSize: 'LETTER',
    payAt: null,
    memo: null,
  })
  expect(document.billTo).toEqual(['Anna Ångström', 'anna@example.com'])
  expect(document.facts.map(({ value }) => value)).toEqual(['not yet given', 'not yet issued', '14 February 2026'])
})

test('the stamp says how it stands; only an open invoice is paid online', () => {
  const stamps = (['draft', 'sending', 'open', 'paid', 'void', 'uncollectible'] as const).map((status) => {
    const { stamp, payAt } = invoiceDocument(business, customer, { ...invoice, status })
    return [status, stamp, payAt !== null]
  })
  expect(stamps).toEqual([
    ['draft', 'DRAFT', false],
    ['sending', 'NOT YET SENT', false],
    ['open', null, true],
    ['paid', 'PAID', false],
    ['void', 'VOID', false],
    ['uncollectible', null, false],
  ])
})

test('what was paid is taken off; without any tax there is no tax table', () => {
  const untaxed = { ...invoice, lines: [line('Postage', 1000, null, 0)], amountPaid: usd(100), amountDue: usd(185_000) }
  const document = invoiceDocument(business, customer, untaxed)
  expect(document.taxes).toBeNull()
  expect(document.totals.slice(2)).toEqual([
    { label: 'Total', value: 'USD 1,851.00', strong: false },
    { label: 'Paid', value: 'USD 1.00', strong: false },
    { label: 'Amount due', value: 'USD 1,850.00', strong: true },
  ])
})

test('an address may be a line alone, an erased customer a name alone, a country a code alone', () => {
  const alone = { name: 'Erased customer', email: '', address: { line1: 'Somewhere', country: 'QX' } }
  expect(invoiceDocument(business, alone, invoice).billTo).toEqual(['Erased customer', 'Somewhere', 'QX'])
  expect(formatDate('2026-12-01')).toBe('1 December 2026')
})
