import type Stripe from 'stripe'
import { sum, taxOn } from './amounts'

/** The taxes of a line whose tax rates Stripe computes (each on the line's own amount, rounded per line). */
export function taxesByRates(amount: number, rates: readonly Stripe.TaxRate[]): Stripe.InvoiceLineItem.Tax[] {
  return rates.map((rate) => {
    const tax = taxOn(amount, String(rate.percentage), rate.inclusive)
    return {
      amount: tax,
      tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: rate.id },
      taxability_reason: 'not_available',
      taxable_amount: rate.inclusive ? amount - tax : amount,
      type: 'tax_rate_details',
    } satisfies Stripe.InvoiceLineItem.Tax
  })
}

/** Taxes of all lines, summed per rate, behaviour and reason, in order of first appearance. */
function totalTaxes(lines: readonly Stripe.InvoiceLineItem[]): Stripe.Invoice.TotalTax[] {
  const totals = new Map<string, Stripe.Invoice.TotalTax>()
  for (const tax of lines.flatMap((line) => line.taxes ?? [])) {
    const key = [tax.tax_rate_details?.tax_rate, tax.tax_behavior, tax.taxability_reason].join(' ')
    const before = totals.get(key)
    totals.set(key, {
      amount: sum([before?.amount ?? 0, tax.amount]),
      tax_behavior: tax.tax_behavior,
      tax_rate_details: tax.tax_rate_details,
      taxability_reason: tax.taxability_reason,
      taxable_amount: sum([before?.taxable_amount ?? 0, tax.taxable_amount ?? 0]),
      type: 'tax_rate_details',
    } satisfies Stripe.Invoice.TotalTax)
  }
  return [...totals.values()]
}

/** The draft with every amount that follows from its lines: `total = sum(lines) + exclusive tax`. */
export function withTotals(invoice: Stripe.Invoice): Stripe.Invoice {
  const lines = invoice.lines.data
  const taxes = totalTaxes(lines)
  const of = (behavior: string): number => sum(taxes.filter((tax) => tax.tax_behavior === behavior).map((tax) => tax.amount))
  const subtotal = sum(lines.map((line) => line.amount))
  const total = sum([subtotal, of('exclusive')])
  const amountDue = Math.max(0, total)
  return {
    ...invoice,
    amount_due: amountDue,
    amount_remaining: amountDue - invoice.amount_paid,
    subtotal,
    subtotal_excluding_tax: subtotal - of('inclusive'),
    total,
    total_excluding_tax: subtotal - of('inclusive'),
    total_taxes: taxes,
  }
}
