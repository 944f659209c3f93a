import type { JournalEntry } from '../../../../shared/contract/ledger'
import { csvField, csvLine } from '../../../../shared/domain/csv'
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

export function csvHead(): string {
  return csvLine(columns)
}

/** One line per posting; amounts are plain decimals with the currency's full exponent, debit positive. */
export function csvEntry(entry: JournalEntry): string {
  const head = [entry.id, entry.occurredOn, csvField(entry.description), entry.source.kind, csvField(entry.source.id)].join(',')
  return entry.postings
    .map(({ account, amount, base }, index) => {
      const value = base === null ? ',' : `${base.currency},${toDecimalString(base)}`
      return `${head},${index + 1},${csvField(account)},${amount.currency},${toDecimalString(amount)},${value}\r\n`
    })
    .join('')
}
