import { type Currency, isCurrency } from './currency'
import { type Decimal, divideHalfAwayFromZero, parseDecimal } from './decimal'
import { type Money, sumMinor } from './money'

/** What a total depends on. `quantity` and `taxRate` are decimal strings; no tax rate means no tax. */
export interface LineToTotal {
  readonly quantity: string
  readonly unitPrice: Money
  readonly taxRate?: string | null | undefined
}

/** Net amount and tax of one line in minor units of the invoice's currency. */
export interface LineTotal {
  readonly amount: number
  readonly tax: number
}

export interface InvoiceTotals {
  readonly lines: readonly LineTotal[]
  readonly subtotal: number
  readonly tax: number
  readonly total: number
}

/** Why totals cannot be stated; `line` counts from 0 and is null when the sum is at fault. */
export interface TotalsProblem {
  readonly line: number | null
  readonly kind: 'currency' | 'quantity' | 'price' | 'tax_rate' | 'too_large'
  readonly message: string
}

export type TotalsResult =
  | { readonly ok: true; readonly totals: InvoiceTotals }
  | { readonly ok: false; readonly problem: TotalsProblem }

/** Digits after the point of a quantity or a tax rate. */
export const maxLineDigits = 6

const largest = BigInt(Number.MAX_SAFE_INTEGER)

/** One whole (100 %) at the scale of a rate. */
function one(rate: Decimal): bigint {
  return 10n ** BigInt(rate.scale)
}

/** `minor x factor` rounded half away from zero, still unbounded. */
function times(minor: bigint, factor: Decimal): bigint {
  return divideHalfAwayFromZero(minor * factor.units, one(factor))
}

function lineProblem(line: LineToTotal, index: number, currency: Currency): TotalsProblem | null {
  const name = `Line ${index + 1}`
  const problem = (kind: TotalsProblem['kind'], message: string) => ({ line: index, kind, message })
  if (line.unitPrice.currency !== currency) {
    return problem(
      'currency',
      `${name} is priced in ${line.unitPrice.currency}, but the invoice is in ${currency}. Use one currency for all lines.`,
    )
  }
  if (!Number.isSafeInteger(line.unitPrice.minor) || line.unitPrice.minor < 0) {
    return problem('price', `${name} needs a unit price of zero or more.`)
  }
  const quantity = parseDecimal(line.quantity, maxLineDigits)
  if (quantity === null || quantity.units <= 0n) {
    return problem(
      'quantity',
      `${name} needs a quantity above zero with at most ${maxLineDigits} digits after the point, for example 1.5.`,
    )
  }
  const rate = parseDecimal(line.taxRate ?? '0', maxLineDigits)
  if (rate === null || rate.units < 0n || rate.units > one(rate)) {
    return problem('tax_rate', `${name} needs a tax rate from 0 to 1, for example 0.20 for 20 %.`)
  }
  return null
}

/**
 * Totals of an invoice, exactly: the net amount of a line is unit price x quantity rounded half away from zero, its tax is that amount x
 * rate rounded likewise (tax is added on top), and then the lines are summed.
 * @param currency the invoice's currency; every line must be priced in it
 * @returns the totals, or the first problem in words; never throws on bad lines, so that a form can show it while a person types
 */
export function invoiceTotals(currency: Currency, lines: readonly LineToTotal[]): TotalsResult {
  if (!isCurrency(currency)) {
    return {
      ok: false,
      problem: { line: null, kind: 'currency', message: 'The invoice needs an ISO 4217 currency, for example EUR.' },
    }
  }
  const totals: LineTotal[] = []
  let subtotal = 0n
  let tax = 0n
  for (const [index, line] of lines.entries()) {
    const problem = lineProblem(line, index, currency)
    if (problem) return { ok: false, problem }
    const lineAmount = times(BigInt(line.unitPrice.minor), parseDecimal(line.quantity) as Decimal)
    const lineTax = times(lineAmount, parseDecimal(line.taxRate ?? '0') as Decimal)
    if (lineAmount > largest) return { ok: false, problem: tooLarge(index) }
    totals.push({ amount: Number(lineAmount), tax: Number(lineTax) })
    subtotal += lineAmount
    tax += lineTax
  }
  if (subtotal + tax > largest) return { ok: false, problem: tooLarge(null) }
  return {
    ok: true,
    totals: { lines: totals, subtotal: Number(subtotal), tax: Number(tax), total: Number(subtotal + tax) },
  }
}

function tooLarge(line: number | null): TotalsProblem {
  const what = line === null ? 'The total of the invoice' : `Line ${line + 1}`
  return { line, kind: 'too_large', message: `${what} is larger than can be kept exactly. Use a smaller quantity or price.` }
}

/** A tax rate without trailing zeros, so that "0.2" and "0.20" are one rate; null stands for no tax. */
export function canonicalTaxRate(rate: string | null | undefined): string | null {
  if (rate === null || rate === undefined) return null
  return rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate
}

export interface TaxOfRate {
  /** Decimal fraction without trailing zeros; null for lines without tax. */
  readonly rate: string | null
  readonly net: number
  readonly tax: number
}

/** Net and tax per rate, in the order in which the rates first appear. */
export function taxSummary(lines: readonly (LineTotal & { readonly taxRate: string | null })[]): TaxOfRate[] {
  const byRate = new Map<string | null, TaxOfRate>()
  for (const line of lines) {
    const rate = canonicalTaxRate(line.taxRate)
    const sum = byRate.get(rate) ?? { rate, net: 0, tax: 0 }
    byRate.set(rate, { rate, net: sumMinor([sum.net, line.amount]), tax: sumMinor([sum.tax, line.tax]) })
  }
  return [...byRate.values()]
}

/** A tax rate in percent: "0.2" -> "20 %", "0.0775" -> "7.75 %". */
export function formatTaxRate(rate: string): string {
  const [whole = '0', fraction = ''] = rate.split('.')
  const digits = `${whole}${fraction.padEnd(2, '0').slice(0, 2)}`.replace(/^0+(?=\d)/, '')
  const rest = fraction.slice(2).replace(/0+$/, '')
  return `${rest === '' ? digits : `${digits}.${rest}`} %`
}
