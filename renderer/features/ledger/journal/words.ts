/** Words of the journal. */
export const words = {
  columns: {
    date: 'Date',
    entry: 'Entry',
    description: 'Description',
    source: 'Source',
    debit: 'Debit',
    credit: 'Credit',
    amount: 'Amount',
    currency: 'Currency',
    reversed: 'Reversed by',
  },
  more: (count: number) => `+${count}`,
  anyAccount: 'Any account',
  noneFound: 'No entry fits',
  noneFoundText: 'No entry of this account stands in this period.',
  clear: 'Show all entries',
} as const
