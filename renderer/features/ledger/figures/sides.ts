import { type AccountType, accountTypes } from '../../../../shared/domain/ids'

/** The root of an account path, which is its type. */
export function typeOf(account: string): AccountType {
  const root = account.slice(0, account.indexOf(':'))
  return accountTypes.find((type) => type === root) ?? 'assets'
}

/** 1 where a debit adds to an account of the type, -1 where a credit does: amounts are shown times this. */
export function naturalSign(type: AccountType): 1 | -1 {
  return type === 'assets' || type === 'expenses' ? 1 : -1
}

/** Each currency once, the business's own first, then by code. */
export function currenciesIn(rows: Iterable<{ readonly currency: string }>, own: string): string[] {
  const codes = [...new Set([...rows].map((row) => row.currency))].sort()
  return codes.includes(own) ? [own, ...codes.filter((code) => code !== own)] : codes
}
