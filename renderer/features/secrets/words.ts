import type { SecretKind } from '../../../shared/contract/secrets'

const kinds: Readonly<Record<SecretKind, string>> = {
  login: 'Login',
  api_key: 'API key',
  card: 'Card',
  bank_account: 'Bank account',
  note: 'Note',
  file: 'File',
  stripe: 'Stripe',
  upwork: 'Upwork',
}

/** Words that all rooms of the vault share. */
export const words = {
  title: 'Vault',
  access: 'Access',
  one: 'Item',
  kinds,
  vaultWide: 'Whole vault',
  sensitive: 'Asks again before it is shown',
  copyShortcut: 'Copy the main value',
  waits: 'It waits for approval',
  waitsText: 'A rule asks first. You find it under Approvals.',
  undo: 'Undo',
  deleted: (title: string) => `${title} is in the bin`,
  deletedText: 'It stays there for 30 days.',
  notDeleted: 'It was not deleted',
  restored: (title: string) => `${title} is back`,
  notRestored: 'It was not brought back',
  copied: (name: string) => `${name} copied`,
  copiedText: (seconds: number) => `Taken off the clipboard in ${seconds} s`,
  notCopied: 'It was not copied',
  nothingToCopy: 'This item has no value to copy',
  notOpened: 'The address was not opened',
  codeFor: (name: string) => `Code of ${name}`,
  never: 'Never',
  due: {
    overdue: (days: number) => (days <= 0 ? 'Due today' : `Overdue ${days} ${days === 1 ? 'day' : 'days'}`),
    today: 'Due today',
    inDays: (days: number) => `Due in ${days} ${days === 1 ? 'day' : 'days'}`,
    rotating: 'Rotating',
  },
} as const
