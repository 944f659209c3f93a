import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { databaseFileName, syncFolder, writeDurably } from '../db'

/** Beside the database; holds the wrapped keys and everything needed to unwrap them but the passphrase. */
export const headerFileName = 'vault.header'

/** Stands in the folder while a vault is being created, so that what an interrupted creation left is told from a lost header. */
const creatingFileName = 'vault.creating'

const hasHeader = (dir: string) => existsSync(join(dir, headerFileName))
const isBeingCreated = (dir: string) => existsSync(join(dir, creatingFileName))

/** A database whose header is lost: it must be restored, never replaced by a new vault. */
export function hasOrphanDatabase(dir: string): boolean {
  return !hasHeader(dir) && existsSync(join(dir, databaseFileName)) && !isBeingCreated(dir)
}

/** Whether a vault stands in the folder, be it one that has lost its header. */
export function vaultExists(dir: string): boolean {
  return hasHeader(dir) || hasOrphanDatabase(dir)
}

/** Marks the folder, then sweeps the database of a creation that never ended: nothing was ever acknowledged from it. */
export function beginCreation(dir: string): void {
  writeDurably(join(dir, creatingFileName), Buffer.from('A vault is being created here.\n'))
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `${databaseFileName}${suffix}`), { force: true })
}

/** Removes the mark once the header stands. */
export function endCreation(dir: string): void {
  if (!isBeingCreated(dir)) return
  rmSync(join(dir, creatingFileName), { force: true })
  syncFolder(dir)
}
