import { AppError } from '../../../shared/errors'

/** What is wrong with a database, for callers that act on it (exit codes, the unlock screen). */
export type DatabaseErrorKind =
  | 'wrong-key'
  | 'damaged'
  | 'newer'
  | 'unsafe-settings'
  | 'no-space'
  | 'read-only'
  | 'disk-error'
  | 'migration-failed'
  | 'key-change'
  | 'not-in-place'

const messages: Readonly<Record<DatabaseErrorKind, string>> = {
  'wrong-key':
    'The database does not open with the key of this vault: it belongs to another vault, or its first page is damaged. Nothing was changed. Restore the database and the vault header from the same backup.',
  damaged: 'The database is damaged or incomplete. Nothing was changed. Restore it from a backup.',
  newer:
    'The database was written by a newer version of Countinghouse. Nothing was changed. Install that version or a later one.',
  'unsafe-settings':
    'The database engine did not accept a setting that protects your data, so the database was not opened. Reinstall Countinghouse.',
  'no-space': 'There is not enough free disk space. Nothing was written. Free some space and try again.',
  'read-only':
    'The data folder cannot be read or written. Nothing was written. Check its permissions and that its disk is writable.',
  'disk-error':
    'The disk reported an error. What was being done was not done; what was saved before is kept. Check the disk, make a copy of the data folder, and start again.',
  'migration-failed':
    'The database could not be brought up to this version of Countinghouse. It is as it was before; a copy made beforehand stands beside it.',
  'key-change':
    'The database is getting its new key, and nothing can be saved until it has it. Nothing was done. Try again in a moment.',
  'not-in-place':
    'The database has its new key, but its file could not be put in its place. Nothing is lost. Start Countinghouse again: it is put there then.',
}

/**
 * A database that cannot be opened, updated or written. The message is shown to people and holds no path;
 * `log` holds what a log line may say in addition (file name, engine code).
 */
export class DatabaseError extends AppError {
  readonly kind: DatabaseErrorKind
  readonly log: Readonly<Record<string, unknown>>

  constructor(kind: DatabaseErrorKind, log: Readonly<Record<string, unknown>> = {}, message: string = messages[kind]) {
    super('unavailable', message, { database: kind })
    this.name = 'DatabaseError'
    this.kind = kind
    this.log = log
  }
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

const fileSystemKinds: Readonly<Record<string, DatabaseErrorKind>> = {
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EACCES: 'read-only',
  EPERM: 'read-only',
  EROFS: 'read-only',
  EISDIR: 'read-only',
  ENOTDIR: 'read-only',
  EIO: 'disk-error',
}

/**
 * Names the kind of a failure of the engine or the file system (https://sqlite.org/rescode.html).
 * @returns undefined when the failure says nothing about the file, e.g. a violated constraint.
 */
export function databaseErrorKind(error: unknown): DatabaseErrorKind | undefined {
  const code = codeOf(error)
  if (code === 'SQLITE_FULL') return 'no-space'
  if (code === 'SQLITE_NOTADB') return 'wrong-key'
  if (code.startsWith('SQLITE_CORRUPT')) return 'damaged'
  if (code.startsWith('SQLITE_IOERR')) return 'disk-error'
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_PERM'))
    return 'read-only'
  return fileSystemKinds[code]
}

/** Turns a failure of the file or disk into a `DatabaseError`; anything else is given back as it is. */
export function asDatabaseError(error: unknown, log: Readonly<Record<string, unknown>> = {}): unknown {
  const kind = error instanceof DatabaseError ? undefined : databaseErrorKind(error)
  if (!kind) return error
  const wrapped = new DatabaseError(kind, { ...log, code: codeOf(error) })
  wrapped.cause = error
  return wrapped
}
