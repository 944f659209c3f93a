import { type Invoice, type InvoiceLineInput, invoices } from '../../../../shared/contract/invoices'
import { type Currency, exponentOf } from '../../../../shared/domain/currency'
import { parseDecimal } from '../../../../shared/domain/decimal'
import { type InvoiceTotals, invoiceTotals } from '../../../../shared/domain/invoiceTotals'
import { percentToRate, plainDecimal, rateToPercent } from '../../../components/format'
import { words } from './words'

export const defaultAccount = 'income:services'

/** A line as it is being typed. */
export interface DraftLine {
  /** Stable while lines are added and removed; not stored. */
  readonly key: string
  readonly description: string
  readonly quantity: string
  readonly price: number | null
  readonly taxPercent: string
  readonly account: string
}

/** An invoice as it is being typed. */
export interface Draft {
  readonly customerId: string | null
  readonly currency: Currency
  readonly dueOn: string | null
  readonly memo: string
  readonly lines: readonly DraftLine[]
}

/** What a complete draft sends to `invoices.create` and `invoices.update`. */
export interface DraftInput {
  readonly customerId: string
  readonly currency: Currency
  readonly dueOn: string
  readonly memo: string
  readonly lines: readonly InvoiceLineInput[]
}

/** Problems by field: `customer`, `due`, `lines`, or `<line key>.<field>`. */
export type DraftProblems = Readonly<Record<string, string>>

type DraftCheck =
  | { readonly ok: true; readonly input: DraftInput; readonly totals: InvoiceTotals }
  | { readonly ok: false; readonly problems: DraftProblems }

let keys = 0

/** An empty line; takes the tax rate and account of the line before, which is what most invoices repeat. */
export function emptyLine(after?: DraftLine): DraftLine {
  keys += 1
  return {
    key: `line-${keys}`,
    description: '',
    quantity: '1',
    price: null,
    taxPercent: after?.taxPercent ?? '',
    account: after?.account ?? defaultAccount,
  }
}

export function emptyDraft(currency: Currency, dueOn: string, customerId: string | null): Draft {
  return { customerId, currency, dueOn, memo: '', lines: [emptyLine()] }
}

/** A stored draft as the form holds it. */
export function draftOfInvoice(invoice: Invoice): Draft {
  return {
    customerId: invoice.customerId,
    currency: invoice.currency,
    dueOn: invoice.dueOn,
    memo: invoice.memo ?? '',
    lines: invoice.lines.map((line) => ({
      ...emptyLine(),
      description: line.description,
      quantity: line.quantity,
      price: line.unitPrice.minor,
      taxPercent: line.taxRate === null ? '' : rateToPercent(line.taxRate),
      account: line.account,
    })),
  }
}

/** Nothing was typed on this line: it is not sent and not complained about. */
function isUntouched(line: DraftLine): boolean {
  return line.description.trim() === '' && line.price === null
}

function lineProblems(line: DraftLine): Record<string, string> {
  const quantity = parseDecimal(plainDecimal(line.quantity), 6)
  const tax = line.taxPercent.trim()
  return {
    ...(line.description.trim() === '' ? { [`${line.key}.description`]: words.problems.description } : {}),
    ...(quantity === null || quantity.units <= 0n ? { [`${line.key}.quantity`]: words.problems.quantity } : {}),
    ...(line.price === null || line.price < 0 ? { [`${line.key}.price`]: words.problems.price } : {}),
    ...(tax !== '' && percentToRate(tax) === null ? { [`${line.key}.tax`]: words.problems.tax } : {}),
  }
}

function lineInput(line: DraftLine, currency: Currency): InvoiceLineInput {
  const rate = percentToRate(line.taxPercent.trim())
  return {
    description: line.description.trim(),
    quantity: plainDecimal(line.quantity),
    unitPrice: { minor: line.price ?? 0, currency },
    ...(rate === null ? {} : { taxRate: rate }),
    ...(line.account === defaultAccount ? {} : { account: line.account }),
  }
}

/** What a draft would be sent as, or what still keeps it from being stored. */
export function checkDraft(draft: Draft): DraftCheck {
  const lines = draft.lines.filter((line) => !isUntouched(line))
  const problems: Record<string, string> = {
    ...(draft.customerId === null ? { customer: words.problems.customer } : {}),
    ...(draft.dueOn === null ? { due: words.problems.due } : {}),
    ...(lines.length === 0 ? { lines: words.problems.lines } : {}),
    ...Object.assign({}, ...lines.map(lineProblems)),
  }
  if (draft.customerId === null || draft.dueOn === null || Object.keys(problems).length > 0) return { ok: false, problems }
  const input: DraftInput = {
    customerId: draft.customerId,
    currency: draft.currency,
    dueOn: draft.dueOn,
    memo: draft.memo.trim(),
    lines: lines.map((line) => lineInput(line, draft.currency)),
  }
  const totals = invoiceTotals(draft.currency, input.lines)
  if (!totals.ok) {
    const at = totals.problem.line === null ? undefined : lines[totals.problem.line]
    return { ok: false, problems: { [at ? `${at.key}.price` : 'lines']: totals.problem.message } }
  }
  const { customerId, currency, dueOn, lines: lineShape } = invoices['invoices.create'].input.shape
  const shapes = [customerId.safeParse(input.customerId), currency.safeParse(input.currency), dueOn.safeParse(input.dueOn)]
  const refused = [...shapes, lineShape.safeParse(input.lines)].find((result) => !result.success)
  if (refused?.error) return { ok: false, problems: { lines: refused.error.issues[0]?.message ?? words.problems.lines } }
  return { ok: true, input, totals: totals.totals }
}

/** Amount of each complete line by its key, for showing beside the line while others are unfinished. */
export function lineAmounts(draft: Draft): ReadonlyMap<string, number> {
  const amounts = new Map<string, number>()
  for (const line of draft.lines) {
    if (line.price === null) continue
    const result = invoiceTotals(draft.currency, [lineInput({ ...line, taxPercent: '' }, draft.currency)])
    const amount = result.ok ? result.totals.lines[0]?.amount : undefined
    if (amount !== undefined) amounts.set(line.key, amount)
  }
  return amounts
}

/** The same figures in another currency: 95.00 stays 95, whatever the number of decimals. Prices that do not fit are emptied. */
export function inCurrency(draft: Draft, currency: Currency): Draft {
  const shift = exponentOf(currency) - exponentOf(draft.currency)
  const convert = (minor: number | null): number | null => {
    if (minor === null) return null
    const moved = shift >= 0 ? minor * 10 ** shift : minor / 10 ** -shift
    return Number.isSafeInteger(moved) ? moved : null
  }
  return { ...draft, currency, lines: draft.lines.map((line) => ({ ...line, price: convert(line.price) })) }
}

/** Whether two drafts would be stored the same; keys of lines do not count. */
export function sameInput(a: DraftInput, b: DraftInput): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
