import type { JournalEntry } from '../../../../shared/contract/ledger'
import { toDecimalString } from '../../../../shared/domain/money'

/** A description on one line: hledger and ledger read `;` as the start of a comment, and comments can hold tags that change dates. */
function descriptionOf(text: string): string {
  return text.replaceAll(';', ',')
}

/** Declares the currencies and accounts, so that strict checks pass. */
export function hledgerHead(currencies: readonly string[], accounts: readonly string[]): string {
  const declarations = [...currencies.map((code) => `commodity ${code}\n`), ...accounts.map((name) => `account ${name}\n`)]
  return `${declarations.join('')}\n`
}

/** One transaction in the format that hledger and ledger share: account names verbatim, ISO codes as commodities, full exponent. */
export function hledgerEntry({ id, occurredOn, description, postings }: JournalEntry): string {
  const lines = postings.map(({ account, amount }) => `    ${account}  ${toDecimalString(amount)} ${amount.currency}\n`)
  return `${occurredOn} * (${id}) ${descriptionOf(description)}\n${lines.join('')}\n`
}
