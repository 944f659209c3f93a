import { join } from 'node:path'
import { type Database, databaseFileName, openDatabase } from '../db'
import { unlockVault, wipe } from '../vault/index'

/** Opens the database of a restored profile as the app would. For tests only. */
export async function openRestored(dir: string, passphrase: string): Promise<Database> {
  const keys = await unlockVault(dir, { passphrase })
  try {
    return openDatabase({ file: join(dir, databaseFileName), key: keys.database, now: () => 0 })
  } finally {
    wipe(keys)
  }
}
