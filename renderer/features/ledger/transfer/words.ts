/** Words of imports and exports. */
export const words = {
  import: {
    action: 'Import from a file',
    running: 'Importing',
    progress: (lines: string, percent: number) => `${lines} lines · ${percent} %`,
    cancel: 'Cancel the import',
    cancelling: 'Cancelling…',
    done: (imported: number) => `${imported.toLocaleString()} ${imported === 1 ? 'entry' : 'entries'} imported`,
    skipped: (skipped: number) =>
      skipped === 0 ? 'None was there before.' : `${skipped.toLocaleString()} left out, because they were imported before.`,
    cancelled: 'Import cancelled',
    cancelledText: 'Nothing of it stays in the books.',
    failed: 'Nothing was imported',
    notCancelled: 'The import was not cancelled',
    dismiss: 'Dismiss',
    help: 'A line of JSON per entry (.ndjson), all or nothing.',
  },
  export: {
    action: 'Export the journal',
    csv: 'CSV, a row per posting',
    hledger: 'hledger journal',
    beancount: 'beancount ledger',
    saved: 'Journal exported',
    failed: 'The journal was not exported',
  },
} as const
