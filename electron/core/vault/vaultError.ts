import { AppError, type ErrorCode } from '../../../shared/errors'

/** What is wrong with a vault, for callers that act on it (exit codes, the unlock screen). */
export type VaultErrorKind =
  | 'missing'
  | 'exists'
  | 'damaged'
  | 'newer'
  | 'wrong-passphrase'
  | 'wrong-proof'
  | 'no-such-factor'
  | 'too-many-factors'
  | 'keys-changing'
  | 'database-key-waits'
  | 'weak-passphrase'
  | 'refused-parameters'
  | 'locked'
  | 'sealed'

const kinds: Readonly<Record<VaultErrorKind, { code: ErrorCode; message: string }>> = {
  missing: { code: 'not_found', message: 'There is no vault in this folder. Create one, or choose the folder that holds yours.' },
  exists: {
    code: 'conflict',
    message: 'There is a vault in this folder already. It was not touched. Unlock it, or choose another folder.',
  },
  damaged: {
    code: 'unavailable',
    message: 'The vault header is damaged. Nothing was changed. Restore vault.header and the database from the same backup.',
  },
  newer: {
    code: 'unavailable',
    message:
      'The vault was written by a newer version of Countinghouse. Nothing was changed. Install that version or a later one.',
  },
  'wrong-passphrase': {
    code: 'forbidden',
    message:
      'The vault did not open: the passphrase is wrong, or the vault header was changed or damaged. Nothing was changed. If you are sure of the passphrase, restore vault.header from a backup.',
  },
  'wrong-proof': {
    code: 'forbidden',
    message:
      'The vault did not open. Either this belongs to another vault or was replaced by a newer one, or the vault header was changed or damaged; these cannot be told apart. Nothing was changed. Unlock it with the passphrase.',
  },
  'no-such-factor': {
    code: 'forbidden',
    message: 'This vault cannot be opened this way: no such key was set up, or it was removed. Unlock it with the passphrase.',
  },
  'too-many-factors': {
    code: 'conflict',
    message: 'A vault can be opened in 21 ways at most, and this one has that many. Nothing was added. Remove one first.',
  },
  'keys-changing': {
    code: 'conflict',
    message: 'The keys are being changed already. Nothing was begun. Wait until that is done.',
  },
  'database-key-waits': {
    code: 'unavailable',
    message:
      'Every secret stands under the new keys, but the database file could not get its own new key yet. It is tried again at the next unlocking.',
  },
  'weak-passphrase': { code: 'invalid_input', message: 'The passphrase is too easy to guess. Choose a longer one.' },
  'refused-parameters': {
    code: 'unavailable',
    message:
      'The vault header asks for a passphrase protection that is weaker or costlier than Countinghouse allows, as a forged header would. The passphrase was not used. Restore vault.header from a backup.',
  },
  locked: { code: 'locked', message: 'The vault is locked. Nothing was done. Unlock it and try again.' },
  sealed: { code: 'locked', message: 'The vault is closed. Nothing was done. Unlock it and try again.' },
}

/** A vault that cannot be created, opened or used. The message is shown to people; it holds no path and no secret. */
export class VaultError extends AppError {
  readonly kind: VaultErrorKind

  constructor(kind: VaultErrorKind, message: string = kinds[kind].message) {
    super(kinds[kind].code, message, { vault: kind })
    this.name = 'VaultError'
    this.kind = kind
  }
}
