/** Words of the statements and their files. */
export const words = {
  emptyPeriod: 'Nothing was booked in this time',
  emptyPeriodText: 'Choose another period, or look at all entries in the journal.',
  allEntries: 'Open the journal',
  unvalued: (count: number, currency: string) =>
    `${count.toLocaleString()} ${count === 1 ? 'entry has' : 'entries have'} no value in ${currency}, because no exchange rate was stored for ${count === 1 ? 'its' : 'their'} day. The figures here are in the currencies of the entries and are complete.`,
  setRates: 'Exchange rates',
  trial: {
    title: 'Trial balance',
    file: 'trial balance',
  },
  income: {
    title: 'Income statement',
    net: 'Net result',
    byYear: 'Longer than five years: one column per year.',
    tableLabel: 'Income statement, a column per month',
    tableLabelYears: 'Income statement, a column per year',
    file: 'income statement',
  },
  sheet: {
    title: 'Balance sheet',
    totalClaims: 'Total liabilities and equity',
    earnings: 'Earnings to date',
    balances: 'Assets equal liabilities and equity.',
    noLines: 'None',
    file: 'balance sheet',
  },
  saveCsv: 'Export CSV',
  savedStatement: 'Statement exported',
  notSaved: 'The statement was not exported',
} as const
