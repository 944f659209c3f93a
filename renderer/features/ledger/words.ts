import type { JournalEntry } from '../../../shared/contract/ledger'
import type { AccountType } from '../../../shared/domain/ids'

const sources: Readonly<Record<JournalEntry['source']['kind'], string>> = {
  manual: 'By hand',
  invoice: 'Invoice',
  payment: 'Payment',
  fee: 'Fee',
  refund: 'Refund',
  reversal: 'Reversal',
  import: 'Import',
}

const types: Readonly<Record<AccountType, string>> = {
  assets: 'Assets',
  liabilities: 'Liabilities',
  equity: 'Equity',
  income: 'Income',
  expenses: 'Expenses',
}

/** Words that all rooms of the ledger share. */
export const words = {
  title: 'Ledger',
  views: 'Views of the ledger',
  types,
  sources,
  account: 'Account',
  type: 'Type',
  currency: 'Currency',
  debit: 'Debit',
  credit: 'Credit',
  balance: 'Balance',
  total: 'Total',
  totalOf: (what: string) => `Total ${what.toLowerCase()}`,
  emptyBooks: 'Nothing is booked yet',
  emptyBooksText:
    'Entries appear here by themselves when you send invoices and get paid. You can also post one by hand or import a journal from another program.',
  more: 'More',
  newEntry: 'New entry',
  waits: 'It waits for approval',
  waitsText: 'A rule asks first. Decide it under Approvals; nothing was posted yet.',
  cancel: 'Cancel',
  dateMissing: 'Choose a date.',
  closedAlready: (day: string) => `The books are closed through ${day} already. Choose a later day.`,
  takenBackBy: (entry: string) => `${entry} takes it back.`,
  wayBack: 'The way here',
  journal: 'Journal',
  entry: 'Journal entry',
  reversed: 'Reversed',
} as const
