import type { InvoiceLineInput } from '../../../shared/contract/invoices'
import { invoiceTotals } from '../../../shared/domain/invoiceTotals'
import { AppError } from '../../../shared/errors'
import type { Draft } from './invoices.repository'

/** Where the net amount of a line is booked unless the owner says otherwise. */
export const defaultLineAccount = 'income:services'

/** Accounts that the app keeps in step with the provider; a line booked there would hide what is owed or held. */
const keptAccounts: ReadonlySet<string> = new Set(['assets:receivable', 'assets:stripe', 'equity:conversion'])

/** Accounts that one invoice may be booked to: its entry, and a refund's, hold at most 200 postings. */
const maxAccounts = 100

export interface DraftInput {
  readonly customerId: string
  readonly currency: string
  readonly dueOn: string
  readonly memo: string | null
  readonly lines: readonly InvoiceLineInput[]
}

/**
 * Works out a draft from what its owner wrote.
 * @throws AppError invalid_input when the totals cannot be stated (mixed currencies, too large) or a line is booked to an account that
 * the app keeps itself
 */
export function buildDraft(input: DraftInput): Draft {
  const result = invoiceTotals(input.currency, input.lines)
  if (!result.ok) throw new AppError('invalid_input', `${result.problem.message} Nothing was saved.`)
  const { totals } = result
  if (new Set(input.lines.map((line) => line.account)).size > maxAccounts) {
    throw new AppError('invalid_input', `One invoice can be booked to at most ${maxAccounts} accounts. Nothing was saved.`)
  }
  return {
    customerId: input.customerId,
    currency: input.currency,
    dueOn: input.dueOn,
    memo: input.memo === '' ? null : input.memo,
    lines: input.lines.map((line, index) => {
      const account = line.account ?? defaultLineAccount
      if (keptAccounts.has(account)) {
        throw new AppError(
          'invalid_input',
          `Line ${index + 1} cannot be booked to ${account}, which the app keeps itself. Use an income account. Nothing was saved.`,
        )
      }
      const { amount = 0, tax = 0 } = totals.lines[index] ?? {}
      return {
        description: line.description,
        quantity: line.quantity,
        unit_price: line.unitPrice.minor,
        tax_rate: line.taxRate ?? null,
        account,
        amount,
        tax,
      }
    }),
    subtotal: totals.subtotal,
    tax: totals.tax,
    total: totals.total,
  }
}
