import { AppError } from '../../shared/errors'
import { BackupError } from '../core/backups/index'
import { DatabaseError, FolderInUse } from '../core/db/index'
import { VaultError } from '../core/vault/index'
import { UsageError } from './args'

/** Why the app did not start, as an exit code that scripts can tell apart. */
export const exitCodes = { usage: 2, inUse: 3, wrongWorld: 4, passphrase: 5, newer: 6, damaged: 7, other: 1 } as const

/** The exit code of a failed start. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage
  if (error instanceof FolderInUse) return exitCodes.inUse
  if (error instanceof AppError && error.code === 'wrong_world') return exitCodes.wrongWorld
  if (error instanceof VaultError) {
    if (error.kind === 'wrong-passphrase' || error.kind === 'weak-passphrase') return exitCodes.passphrase
    if (error.kind === 'newer') return exitCodes.newer
    if (error.kind === 'damaged' || error.kind === 'refused-parameters') return exitCodes.damaged
  }
  if (error instanceof DatabaseError) {
    if (error.kind === 'newer') return exitCodes.newer
    if (error.kind === 'damaged' || error.kind === 'wrong-key' || error.kind === 'disk-error') return exitCodes.damaged
  }
  if (error instanceof BackupError) {
    if (error.kind === 'newer') return exitCodes.newer
    if (error.kind === 'damaged' || error.kind === 'wrong-contents') return exitCodes.damaged
  }
  if (error instanceof AppError && error.code === 'rate_limited') return exitCodes.passphrase
  return exitCodes.other
}

/** What a failed start says; a stack only where nobody foresaw it. */
export function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof AppError) return error.message
  if (error instanceof Error && 'code' in error && 'port' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
    const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : 'may not be used by this user'
    return `It could not start: port ${error.port} ${why}. Nothing was changed. Choose another with --port or --webhook-port.`
  }
  return `It could not start: ${error instanceof Error ? error.stack : String(error)}`
}
