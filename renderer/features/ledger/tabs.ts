/** The views of the ledger, in the order of their tabs. */
export const ledgerTabs = [
  { to: '/ledger/trial-balance', label: 'Trial balance' },
  { to: '/ledger/income-statement', label: 'Income statement' },
  { to: '/ledger/balance-sheet', label: 'Balance sheet' },
  { to: '/ledger/journal', label: 'Journal' },
  { to: '/ledger/register', label: 'Register' },
  { to: '/ledger/accounts', label: 'Accounts' },
] as const
