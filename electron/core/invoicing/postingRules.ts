import { type Money, sumMinor } from '../../../shared/domain/money'

/** Accounts that invoices, payments and refunds are booked to. */
export const accounts = {
  receivable: 'assets:receivable',
  balance: 'assets:stripe',
  salesTax: 'liabilities:sales-tax',
  fees: 'expenses:payment-fees',
  conversion: 'equity:conversion',
} as const

/** Debit positive, credit negative. */
export interface Posting {
  readonly account: string
  readonly amount: Money
}

/** What an invoice's total is made of, per account; amounts are above zero and in the invoice's currency. */
export interface InvoiceComponent {
  readonly account: string
  readonly minor: number
}

/** Net amounts summed per account in the order of the lines, then the tax. Components of zero are left out. */
export function invoiceComponents(
  lines: readonly { readonly account: string; readonly amount: number; readonly tax: number }[],
): InvoiceComponent[] {
  const sums = new Map<string, number>()
  const add = (account: string, minor: number) => sums.set(account, sumMinor([sums.get(account) ?? 0, minor]))
  for (const line of lines) add(line.account, line.amount)
  for (const line of lines) add(accounts.salesTax, line.tax)
  return [...sums].map(([account, minor]) => ({ account, minor })).filter(({ minor }) => minor > 0)
}

/** An invoice opens: the customer owes the total; income and tax stand against it. */
export function invoiceOpened(currency: string, components: readonly InvoiceComponent[]): Posting[] {
  const total = sumMinor(components.map(({ minor }) => minor))
  return [
    { account: accounts.receivable, amount: { minor: total, currency } },
    ...components.map(({ account, minor }) => ({ account, amount: { minor: -minor, currency } })),
  ]
}
