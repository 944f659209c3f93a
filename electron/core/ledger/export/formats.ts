import type { JournalEntry } from '../../../../shared/contract/ledger'
import { toDecimalString } from '../../../../shared/domain/money'

export type ExportFormat = 'csv' | 'hledger' | 'beancount'

export interface JournalFormat {
  readonly extension: string
  readonly mediaType: string
  /** Lines before the first entry. */
  head(accounts: readonly { readonly name: string; readonly openedOn: string }[]): string
  entry(entry: JournalEntry): string
}

/** A CSV cell (RFC 4180); one that a spreadsheet would take for a formula gets an apostrophe before it (ASVS 1.2.10). */
function cell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) && !/^-?[0-9]+(\.[0-9]+)?$/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

const csv: JournalFormat = {
  extension: 'csv',
  mediaType: 'text/csv',
  head: () => 'entry,date,description,source,account,currency,amount,base_amount\r\n',
  entry: (entry) =>
    entry.postings
      .map(({ account, amount, base }) =>
        [
          entry.id,
          entry.occurredOn,
          entry.description,
          `${entry.source.kind}:${entry.source.id}`,
          account,
          amount.currency,
          toDecimalString(amount),
          base === null ? '' : toDecimalString(base),
        ]
          .map(cell)
          .join(','),
      )
      .join('\r\n')
      .concat('\r\n'),
}

/** hledger reads a description up to `;`, and two spaces end an account name (https://hledger.org/hledger.html#journal). */
function hledgerDescription(text: string): string {
  return text.replaceAll(';', ',').replace(/^([*!(])/, "'$1")
}

const hledger: JournalFormat = {
  extension: 'journal',
  mediaType: 'text/plain',
  head: (accounts) => `; Countinghouse journal\n${accounts.map(({ name }) => `account ${name}\n`).join('')}\n`,
  entry: (entry) =>
    `${entry.occurredOn} * (${entry.id}) ${hledgerDescription(entry.description)}\n${entry.postings
      .map(({ account, amount }) => `    ${account}  ${toDecimalString(amount)} ${amount.currency}\n`)
      .join('')}\n`,
}

/**
 * An account in beancount's grammar: each segment begins with a capital or a digit and holds letters, digits and hyphens
 * (https://beancount.github.io/docs/beancount_language_syntax.html#accounts).
 */
export function beancountAccount(name: string): string {
  return name
    .split(':')
    .map((segment) => segment.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, ''))
    .map((segment) => segment.slice(0, 1).toUpperCase() + segment.slice(1))
    .join(':')
}

function beancountText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

const beancount: JournalFormat = {
  extension: 'beancount',
  mediaType: 'text/plain',
  head: (accounts) => {
    const opened = new Map<string, string>()
    for (const { name, openedOn } of accounts) {
      const account = beancountAccount(name)
      const known = opened.get(account)
      if (known === undefined || openedOn < known) opened.set(account, openedOn)
    }
    return `; Countinghouse journal\n${[...opened].map(([account, on]) => `${on} open ${account}\n`).join('')}\n`
  },
  entry: (entry) =>
    `${entry.occurredOn} * ${beancountText(entry.description)}\n  id: "${entry.id}"\n${entry.postings
      .map(({ account, amount }) => `  ${beancountAccount(account)}  ${toDecimalString(amount)} ${amount.currency}\n`)
      .join('')}\n`,
}

export const journalFormats: Readonly<Record<ExportFormat, JournalFormat>> = { csv, hledger, beancount }
