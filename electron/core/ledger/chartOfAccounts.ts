import type { Business } from '../../../shared/contract/businesses'
import { type AccountType, accountName, accountTypes } from '../../../shared/domain/ids'
import { AppError } from '../../../shared/errors'
import type { WriteDb } from '../db'
import { type AccountRow, findAccount, putAccount } from './accounts.repository'
import { bookOf, openBook } from './books'

/** The accounts of a new business; more are added as they are needed. */
const chartTemplate: readonly string[] = [
  'assets:bank',
  'assets:cash',
  'assets:receivable',
  'assets:stripe',
  'liabilities:credit-card',
  'liabilities:payable',
  'liabilities:sales-tax',
  'equity:conversion',
  'equity:opening-balances',
  'equity:owner',
  'income:interest',
  'income:other',
  'income:products',
  'income:services',
  'expenses:advertising',
  'expenses:bank-fees',
  'expenses:contractors',
  'expenses:equipment',
  'expenses:insurance',
  'expenses:office',
  'expenses:other',
  'expenses:payment-fees',
  'expenses:professional-services',
  'expenses:rent',
  'expenses:software',
  'expenses:taxes',
  'expenses:travel',
  'expenses:utilities',
]

/** The type of an account: the root of its name. The name must be a valid account path. */
export function accountTypeOf(name: string): AccountType {
  const root = name.slice(0, name.indexOf(':'))
  const type = accountTypes.find((candidate) => candidate === root)
  if (!type) throw new RangeError(`Not an account path: ${name}`)
  return type
}

/** Opens the books of a new business with the accounts of the template. */
export function openChart(w: WriteDb, business: Business): void {
  const book = openBook(w, business)
  for (const name of chartTemplate) {
    putAccount(w, { bookId: book.id, name, type: accountTypeOf(name), createdAt: business.createdAt, importId: null })
  }
}

/**
 * Makes sure that an account exists, creating it under its root.
 * @throws AppError invalid_input when the name is no account path; not_found for an unknown business
 */
export function ensureAccount(w: WriteDb, businessId: string, name: string, now: number): void {
  const book = bookOf(w, businessId)
  if (findAccount(w, book.id, name)) return
  const parsed = accountName.safeParse(name)
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => issue.message).join('; ')
    throw new AppError('invalid_input', `The account name ${reasons}. Nothing was done.`)
  }
  putAccount(w, { bookId: book.id, name, type: accountTypeOf(name), createdAt: now, importId: null })
}

/**
 * Adds an account on request.
 * @throws AppError invalid_input when the type is not the root of the name; conflict when the account exists
 */
export function createAccount(
  w: WriteDb,
  { businessId, name, type, now }: { businessId: string; name: string; type: AccountType; now: number },
): AccountRow {
  const book = bookOf(w, businessId)
  const root = accountTypeOf(name)
  if (root !== type) {
    throw new AppError(
      'invalid_input',
      `The account ${name} stands under ${root}, so its type is ${root}, not ${type}. Nothing was created. Change the name or the type.`,
    )
  }
  if (findAccount(w, book.id, name)) {
    throw new AppError('conflict', `The account ${name} exists already. Nothing was created; use it as it is.`)
  }
  const id = putAccount(w, { bookId: book.id, name, type, createdAt: now, importId: null })
  return { id, name, type, createdAt: now }
}
