import type { AccountType } from '../../../shared/domain/ids'
import { sumMinor } from '../../../shared/domain/money'

interface AmountRow {
  readonly account: string
  readonly currency: string
  readonly minor: number
}

/** The row under equity that no account holds: income less expenses up to the day. */
export const earningsRow = 'equity:earnings'

/** The root of an account path. */
export function rootOf(account: string): string {
  return account.slice(0, account.indexOf(':'))
}

/** Currencies of a report, the business's own first, others by code. */
export function currenciesOf(rows: readonly { readonly currency: string }[], own: string): string[] {
  const found = [...new Set(rows.map((row) => row.currency))].sort()
  return found.includes(own) ? [own, ...found.filter((currency) => currency !== own)] : found
}

/** Sum of rows in minor units. */
export function totalOf(rows: readonly { readonly minor: number }[]): number {
  return sumMinor(rows.map((row) => row.minor))
}

/** An amount as its side of the report reads it: credits (income, liabilities, equity) turn positive. Never minus zero. */
export function asRead(type: AccountType, minor: number): number {
  const credit = type === 'income' || type === 'liabilities' || type === 'equity'
  return credit && minor !== 0 ? -minor : minor
}

/** Debits and credits of a trial balance in one currency, credits as positive numbers. */
export function sidesOf(rows: readonly AmountRow[]): { readonly debit: number; readonly credit: number } {
  const debit = sumMinor(rows.filter((row) => row.minor > 0).map((row) => row.minor))
  const credit = sumMinor(rows.filter((row) => row.minor < 0).map((row) => -row.minor))
  return { debit, credit }
}

/** How deep an account lies under its root, for indenting: `assets:bank` is 0, `assets:bank:main` is 1. */
export function depthOf(account: string): number {
  return account.split(':').length - 2
}
