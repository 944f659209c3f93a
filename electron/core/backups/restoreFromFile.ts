import { randomBytes } from 'node:crypto'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { acquireFolderLock, databaseFileName, prepareDataFolder, syncFolder } from '../db'
import { asDatabaseError } from '../db/databaseError'
import {
  beginCreation,
  createThrottle,
  endCreation,
  headerFileName,
  type Proof,
  readVaultInfo,
  throttleFileName,
  vaultExists,
  type World,
} from '../vault/index'
import { readFrame } from './frame'
import type { JobInput } from './jobs'
import { workFolderName } from './places'
import { checkUnpacked, markFileName, type Restored, writeMark } from './restoring'
import type { Workbench } from './workbench'

/** What a backup says of itself. Nobody vouches for it before it is opened. */
export interface BackupSummary {
  readonly world: World
  readonly createdAt: number
  readonly bytes: number
  readonly secrets: number
  readonly entries: number
  readonly auditRows: number
}

/** @throws BackupError 'missing' | 'newer' | 'damaged'; DatabaseError */
export function describeBackupFile(file: string): BackupSummary {
  const { manifest, databaseLength } = readFrame(file)
  const { world, createdAt, secrets, entries, auditRows } = manifest
  return { world, createdAt, bytes: databaseLength, secrets, entries, auditRows }
}

export interface RestoreFromFileOptions {
  /** Path of the backup. */
  readonly file: string
  /** Where the vault shall stand. Made when missing; must hold no vault. */
  readonly dataDir: string
  readonly world: World
  /** The passphrase or the kit of the time of the backup. */
  readonly proof: Proof
  /** Where the proof came in, for the throttle. */
  readonly door: string
  readonly workbench: Workbench
  /** UTC epoch milliseconds. */
  readonly now: number
  /** How far it is, in parts of 100. */
  readonly onProgress?: (percent: number) => void
}

const otherWorld: Readonly<Record<World, string>> = {
  live: 'This is a backup of a live vault, and a practice world was asked for. Nothing was restored.',
  practice:
    'This is a backup of a practice world, and a live vault was asked for. Nothing was restored. Choose a backup of your vault.',
}

/**
 * Restores a backup where there is no vault: after a machine was lost, or on a new one. It is opened and checked as a whole before
 * anything gets the name of a vault; a power cut leaves a folder without one.
 * @throws AppError 'conflict' where there is a vault, 'wrong_world'; BackupError 'missing' | 'damaged' | 'wrong-contents' | 'newer';
 *   VaultError for the proof; AppError 'rate_limited'; DatabaseError, DataFolderError, FolderInUse; there is no vault then
 */
export async function restoreFromFile(options: RestoreFromFileOptions): Promise<Omit<Restored, 'profile'>> {
  const { file, world, proof, door, workbench, now, onProgress = () => {} } = options
  const { manifest, tag } = readFrame(file)
  if (manifest.world !== world) throw new AppError('wrong_world', otherWorld[manifest.world])
  const dir = prepareDataFolder(options.dataDir)
  const lock = await acquireFolderLock(dir)
  const folder = join(dir, workFolderName, randomBytes(8).toString('hex'))
  try {
    if (vaultExists(dir))
      throw new AppError('conflict', 'There is a vault in this folder already. Nothing was restored. Choose another folder.')
    await workbench.run('unpack', { file, folder }, (percent) => onProgress(Math.floor(percent * 0.4)))
    const throttled = { throttle: createThrottle(join(dir, throttleFileName)), counted: `restore:${door}` }
    const { vaultId } = readVaultInfo(folder)
    const examine = (input: JobInput<'examine'>) =>
      workbench.run('examine', input, (percent) => onProgress(40 + Math.floor(percent * 0.59)))
    const checked = await checkUnpacked({ file, folder, vaultId, now }, proof, throttled, examine)
    writeMark(folder, { backupId: `file-${tag.toString('hex').slice(0, 16)}`, createdAt: checked.createdAt, restoredAt: now })
    beginCreation(dir)
    for (const name of [databaseFileName, markFileName, headerFileName]) {
      renameSync(join(folder, name), join(dir, name))
      syncFolder(dir)
    }
    endCreation(dir)
    onProgress(100)
    const { secrets, entries, auditRows } = checked
    return { secrets, entries, auditRows }
  } catch (error) {
    throw asDatabaseError(error)
  } finally {
    rmSync(join(dir, workFolderName), { recursive: true, force: true })
    lock.release()
  }
}
