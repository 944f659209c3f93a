import type { JournalEntry } from '../../../../shared/contract/ledger'
import { toDecimalString } from '../../../../shared/domain/money'

const columns = [
  'entry',
  'date',
  'description',
  'source',
  'source_id',
  'line',
  'account',
  'currency',
  'amount',
  'base_currency',
  'base_amount',
]

/** A text cell: quoted (RFC 4180), with an apostrophe before what a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab, return). */
export function textCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${inert.replaceAll('"', '""')}"`
}

export function csvHead(): string {
  return `${columns.join(',')}\r\n`
}

/** One line per posting; amounts are plain decimals with the currency's full exponent, debit positive. */
export function csvEntry(entry: JournalEntry): string {
  const head = [entry.id, entry.occurredOn, textCell(entry.description), entry.source.kind, textCell(entry.source.id)].join(',')
  return entry.postings
    .map(({ account, amount, base }, index) => {
      const value = base === null ? ',' : `${base.currency},${toDecimalString(base)}`
      return `${head},${index + 1},${textCell(account)},${amount.currency},${toDecimalString(amount)},${value}\r\n`
    })
    .join('')
}
