import type { ImportFormat, ImportPreview } from '../../../../shared/contract/secrets'

const states: Readonly<Record<ImportPreview['items'][number]['state'], string>> = {
  new: 'New',
  same: 'Here already',
  changed: 'Differs from yours',
}

const formats: Readonly<Record<ImportFormat, { readonly label: string; readonly text: string }>> = {
  bitwarden: { label: 'Bitwarden', text: 'JSON export, also one with a password.' },
  '1pux': { label: '1Password', text: 'The file that ends in .1pux.' },
  kdbx: { label: 'KeePass', text: 'A .kdbx file, with its password.' },
  countinghouse: { label: 'Countinghouse', text: 'An encrypted export of another vault, with its passphrase.' },
  csv: { label: 'CSV', text: 'Of a browser or another vault: the first line names the columns.' },
  env: { label: '.env', text: 'One NAME=value on each line.' },
}

/** Words of the import. */
export const importWords = {
  title: 'Import into the vault',
  note: 'The file is read on this machine, and nothing is kept until you choose.',
  formats,
  which: 'Where do the items come from?',
  owner: 'They will belong to',
  vaultWide: 'The whole vault',
  password: 'Password of the file',
  passwordText: 'Leave it empty where the file has none.',
  passwordNeeded: 'This file opens with its password only.',
  choose: 'Choose the file…',
  notRead: 'The file was not read',
  found: (count: number) =>
    count === 0 ? 'Nothing in the file' : `${count.toLocaleString()} ${count === 1 ? 'item' : 'items'} in the file`,
  chosen: (count: number) => `${count.toLocaleString()} chosen`,
  all: 'Choose all',
  states,
  choice: (title: string) => `Import ${title}`,
  files: (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`,
  left: (count: number) => `${count} ${count === 1 ? 'thing' : 'things'} in the file cannot be taken over`,
  nothing: 'There is nothing in this file that the vault can keep.',
  other: 'Choose another file',
  doImport: (count: number) =>
    count === 0 ? 'Nothing to import' : `Import ${count.toLocaleString()} ${count === 1 ? 'item' : 'items'}`,
  allHere: 'Everything in this file is in the vault already.',
  notImported: 'Nothing was imported',
  waits: 'The import waits for approval',
  doneTitle: (count: number) => `${count.toLocaleString()} ${count === 1 ? 'item is' : 'items are'} in the vault`,
  skipped: (count: number) => `${count.toLocaleString()} left out.`,
  doneText: 'The file that you imported still holds your secrets in the open. Delete it, and empty the bin of your machine.',
  toVault: 'See the items',
  again: 'Import another file',
} as const

/** Words of the export. */
export const exportWords = {
  title: 'Export the vault',
  how: 'How',
  encrypted: 'Encrypted',
  plain: 'In the open',
  encryptedText: 'The file opens only with a passphrase of its own. Keep the two apart.',
  plainText: 'Anybody who gets this file can read every secret in it. Use it to move to another vault, then delete it.',
  understood: 'I know that the file is readable for everybody',
  mustUnderstand: 'Confirm that you know this.',
  what: 'What',
  business: (name: string) => `Items of ${name}`,
  everything: 'The whole vault',
  passphrase: 'Passphrase of the file',
  repeat: 'Repeat it',
  tooWeak: 'Choose a stronger passphrase.',
  differs: 'The two passphrases differ.',
  doExport: 'Choose where to save it…',
  exported: (count: number, file: string) => `${count.toLocaleString()} ${count === 1 ? 'item' : 'items'} saved as ${file}`,
  left: 'Not everything is in it.',
  plainReminder: 'Delete the file when you no longer need it.',
  notExported: 'The vault was not exported',
} as const
