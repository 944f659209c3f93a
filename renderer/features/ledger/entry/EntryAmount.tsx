import type { JournalEntry } from '../../../../shared/contract/ledger'
import { type Money as Amount, sumMinor } from '../../../../shared/domain/money'
import { Money } from '../../../components/Money'

type Postings = Pick<JournalEntry, 'postings'>

/** What an entry moves: the sum of its debits in its first currency; null for an entry without postings. */
export function movedBy({ postings }: Postings): Amount | null {
  const currency = postings[0]?.amount.currency
  if (currency === undefined) return null
  const debits = postings.map(({ amount }) => amount).filter((amount) => amount.currency === currency && amount.minor > 0)
  return { minor: sumMinor(debits.map((debit) => debit.minor)), currency }
}

/** What an entry moves, as an amount. */
export function EntryAmount({ entry }: { readonly entry: Postings }) {
  const amount = movedBy(entry)
  return amount && <Money amount={amount} />
}
