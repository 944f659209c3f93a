/** Words of the shared parts. */
export const words = {
  retry: 'Try again',
  notFound: (what: string) => `${what} not found`,
  couldNotLoad: (what: string) => `${what} could not be loaded`,
  cancel: 'Cancel',
  close: 'Close',
  openApprovals: 'Open Approvals',
  waitsForApproval: (what: string) => `Waits for approval: ${what}`,
  clear: 'Clear',
  search: 'Search',
  exportCsv: 'Export CSV',
  exporting: (rows: number) => `Exporting… ${rows.toLocaleString()} rows`,
  exported: (rows: number) => `${rows.toLocaleString()} ${rows === 1 ? 'row' : 'rows'} exported`,
  exportFailed: 'The list was not exported',
  exportCancelled: 'Export cancelled. No file was left behind.',
  sortNeedsAll: (rows: number) => `Reading the whole list to sort it… ${rows.toLocaleString()} rows so far`,
  stop: 'Stop',
  listChanged: 'This list has changed',
  showNewest: 'Show the newest',
  loadingMore: 'Loading more…',
  showMore: 'Show more',
  rowCount: (rows: number, more: boolean) => `${rows.toLocaleString()}${more ? '+' : ''} ${rows === 1 && !more ? 'row' : 'rows'}`,
  copied: 'Copied',
  notCopied: 'Not copied',
  showTyped: 'Show what is typed',
} as const

/** Words of the dialog that asks for a new proof. */
export const stepUpWords = {
  title: 'Show that it is you',
  why: 'This step asks again who is there, however long the vault has been open.',
  way: 'How',
  passphrase: 'Passphrase',
  passphraseMissing: 'Type your passphrase.',
  code: 'Code',
  codeMissing: 'Type the 6 digits that your app shows.',
  digit: (place: number) => `Digit ${place} of the code`,
  practice: (passphrase: string) => `The passphrase of the practice vault is: ${passphrase}`,
  lasts: 'Good for 5 minutes. It proves that you are at this machine; it is no second lock on the vault.',
  prove: 'Continue',
} as const

/** Words of hours and days. */
export const timeWords = {
  from: 'Only from',
  to: 'Until',
  weekdays: 'Only on',
  weekdayNames: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  everyDay: 'Every day',
  hoursMissing: 'Type both hours.',
} as const
