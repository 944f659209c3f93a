/** " 40 %", or the sign that it goes on while nothing is known. */
function far(share: number | null): string {
  return share === null ? '…' : ` ${Math.round(share * 100)} %`
}

/** Words of backups. */
export const words = {
  title: 'Backups',
  note: 'A backup is the whole vault in one encrypted file, with what it takes to open it. Each is reopened and checked, its trial balance and audit chain too, before an old one goes.',
  runNow: 'Back up now',
  running: (share: number | null) => `Making and checking a backup${far(share)}`,
  made: 'The backup was made and checked',
  notMade: 'No backup was made',
  verified: (when: string) => `Last verified ${when}`,
  neverVerified: 'No backup was verified yet',
  verifiedLine: (when: string) => `Last backup verified ${when}`,
  problem: 'The last backup needs a look',
  next: (when: string) => `Next ${when}`,
  off: 'Backups are off',
  waits: 'This waits for an approval',

  schedule: 'When, how many and where',
  on: 'Back up every day',
  at: 'At',
  clockNote: 'By this machine’s clock.',
  daily: 'Daily kept',
  weekly: 'Weekly kept',
  monthly: 'Monthly kept',
  place: 'Where',
  placeOf: (place: string | null) => place ?? 'In the data folder',
  choosePlace: 'Choose a folder',
  resetPlace: 'Back to the data folder',
  placeNote: 'A folder on another disk or a stick survives this machine. The files are encrypted.',
  placeSet: 'Backups go there from now on',
  placeNotSet: 'The folder was not changed',
  save: 'Save',
  saved: 'Saved',
  notSaved: 'Nothing was saved',
  clock: 'Type a time of day such as 03:00.',

  drill: 'Restore drill',
  drillNote:
    'Every week the newest backup is restored to a place of its own, held against what was backed up, and removed again.',
  drillNow: 'Drill now',
  drilling: (share: number | null) => `Restoring and comparing${far(share)}`,
  drilled: (secrets: number, entries: number, seconds: string) =>
    `${secrets.toLocaleString()} secrets and ${entries.toLocaleString()} entries came back whole in ${seconds}\u00a0s.`,
  drillFailed: 'The drill failed',
  drillLast: (when: string) => `Last drill ${when}.`,
  drillNever: 'No drill was run yet.',
  drillOk: 'The drill went well',

  list: 'Your backups',
  none: 'There is no backup yet.',
  columns: { made: 'Made', kept: 'Kept as', state: 'State', action: 'Action' },
  holds: (size: string, entries: number, rows: number) =>
    `${size} · ${entries.toLocaleString()} entries, ${rows.toLocaleString()} log rows`,
  keptAs: { daily: 'daily', weekly: 'weekly', monthly: 'monthly', newest: 'newest' },
  states: { verified: 'Verified', unchecked: 'Not checked', bad: 'Damaged', gone: 'Not there' },
  verify: 'Verify',
  verifiedToast: 'The backup is whole',
  notVerified: 'The backup was not verified',
  damaged: 'The backup is damaged',
  restore: 'Restore',
  restoreTitle: 'Restore this backup?',
  restoreText:
    'It is restored to a new profile beside this vault. Nothing here is changed. It opens with the passphrase or the recovery kit that was in force when it was made.',
  restorePassphrase: 'Passphrase of the backup',
  restoreKit: 'Recovery kit',
  way: 'Open it with',
  restoreMissing: { passphrase: 'Type the passphrase.', kit: 'Type the code of the kit.' },
  restoreNow: 'Restore',
  restoredTitle: 'The backup is restored',
  restored: (secrets: number, entries: number) =>
    `${secrets.toLocaleString()} secrets and ${entries.toLocaleString()} entries are back and verified.`,
  restoredFolder: 'Folder of the new profile, beside the data folder of this vault',
  restoredNext: 'To open it, close this vault and choose “Open a vault from a folder…” on the welcome screen.',
  showFolder: 'Show the data folder',
  notShown: 'The folder was not shown',
  close: 'Close',
  notRestored: 'Nothing was restored',
  cancel: 'Cancel',
} as const
