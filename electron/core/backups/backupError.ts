import { AppError, type ErrorCode } from '../../../shared/errors'

export type BackupErrorKind =
  | 'damaged'
  | 'missing'
  | 'newer'
  | 'other-vault'
  | 'other-keys'
  | 'wrong-contents'
  | 'keys-changed'
  | 'copy-differs'
  | 'place'
  | 'busy'

const kinds: Readonly<Record<BackupErrorKind, { code: ErrorCode; message: string }>> = {
  damaged: {
    code: 'unavailable',
    message: 'The backup is damaged: its bytes are not those that were written. Nothing was restored. Use another backup.',
  },
  missing: {
    code: 'not_found',
    message: 'The file of this backup cannot be found. Nothing was changed. Plug its disk in, or use another backup.',
  },
  newer: {
    code: 'unavailable',
    message:
      'The backup was written by a newer version of Countinghouse. Nothing was changed. Install that version or a later one.',
  },
  'other-vault': {
    code: 'conflict',
    message: 'The file is a backup of another vault. Nothing was changed. Use a backup of this one.',
  },
  'other-keys': {
    code: 'conflict',
    message:
      'The backup was made under other keys than those of now. Nothing was changed. It opens with the passphrase or the recovery kit of its time.',
  },
  'wrong-contents': {
    code: 'unavailable',
    message:
      'The backup opens, but what it holds does not agree with itself: integrity, balances, audit log or numbers differ. Nothing was restored. Use another backup.',
  },
  'keys-changed': {
    code: 'conflict',
    message: 'The vault’s keys were changed while the backup was made, so it was dropped. Run it again.',
  },
  'copy-differs': {
    code: 'unavailable',
    message:
      'The copy of the database under its new key does not hold what the database holds, so it was dropped. The database is as it was. Verify the log under Activity, then try again.',
  },
  place: {
    code: 'unavailable',
    message: 'The folder for backups cannot be reached or written. Plug its disk in, or choose another folder in Settings.',
  },
  busy: {
    code: 'conflict',
    message: 'A backup or a restore is under way. Nothing was begun. Wait until it is done.',
  },
}

/** A backup that cannot be made, read or restored. The message is shown to people; it holds no path. */
export class BackupError extends AppError {
  readonly kind: BackupErrorKind

  constructor(kind: BackupErrorKind, message: string = kinds[kind].message) {
    super(kinds[kind].code, message, { backup: kind })
    this.name = 'BackupError'
    this.kind = kind
  }
}
