import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { prepareDataFolder, syncFolder, writeDurably } from '../db'
import { asDatabaseError } from '../db/databaseError'
import { type Proof, type Throttle, unlockVault, VaultError, type VaultErrorKind, wipe } from '../vault/index'
import { assertSame, type Backups } from './backups'
import type { JobInput } from './jobs'
import type { Manifest } from './manifest'
import { localStamp } from './places'

export interface Restored {
  /** Name of the new profile's folder, beside the data folder. */
  readonly profile: string
  readonly secrets: number
  readonly entries: number
  readonly auditRows: number
}

export interface RestoreOptions {
  readonly backups: Backups
  /** Slows the guessing of a passphrase at this door as at every other. */
  readonly throttle: Throttle
  /** Puts what else the profile needs into its folder before it gets its name. */
  readonly finish?: (folder: string) => void
}

/** Stands in a restored profile until it was opened for the first time. */
export const markFileName = 'vault.restored'
const mark = z.strictObject({ backupId: z.string(), createdAt: z.int(), restoredAt: z.int() })

/** Which backup a profile was restored from. */
export type RestoreMark = z.infer<typeof mark>

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/** A name that no folder beside has. @param parent folder of the new profile */
export function newProfileName(parent: string, now: number): string {
  for (;;) {
    const end = [...randomBytes(4)].map((byte) => letters[byte % letters.length]).join('')
    const name = `restored-${localStamp(now).day}-${end}`
    if (!existsSync(join(parent, name))) return name
  }
}

/** The vault's id stands in the name, so that a start sweeps what it left itself and nothing of another vault. */
const partialName = (profile: string, vaultId: string) => `.${profile}.${vaultId.slice(0, 8)}.partial`

/**
 * Restores a backup to a new profile beside the data folder, opened with the passphrase or the kit of its time and checked as a whole
 * before it gets its name. Nothing of the running vault is touched.
 * @param door where the proof came in, for the throttle
 * @throws BackupError 'missing' | 'damaged' | 'wrong-contents' | 'newer' | 'other-vault' | 'busy'; VaultError for the proof;
 *   AppError 'rate_limited'; DatabaseError, DataFolderError; there is no new folder then
 */
export function restore(options: RestoreOptions, backupId: string, proof: Proof, door: string): Promise<Restored> {
  const { backups, throttle, finish } = options
  return backups.exclusive(false, async () => {
    const { dataDir, keys, clock } = backups.deps
    const row = backups.find(backupId)
    const file = backups.places.fileOf(row)
    const parent = dirname(dataDir)
    const now = clock.now()
    const profile = newProfileName(parent, now)
    const { vaultId } = keys()
    const folder = join(parent, partialName(profile, vaultId))
    try {
      prepareDataFolder(folder)
      const unpacked = await backups.job('unpack', { file, folder }, 'backup', 0, 40)
      assertSame(row, unpacked.tag)
      const examine = (input: JobInput<'examine'>) => backups.job('examine', input, 'backup', 40, 100)
      const throttled = { throttle, counted: `restore:${door}` }
      const checked = await checkUnpacked({ file, folder, vaultId, now }, proof, throttled, examine)
      writeMark(folder, { backupId, createdAt: checked.createdAt, restoredAt: now })
      finish?.(folder)
      syncFolder(folder)
      renameSync(folder, join(parent, profile))
      syncFolder(parent)
      const { secrets, entries, auditRows } = checked
      return { profile, secrets, entries, auditRows }
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw asDatabaseError(error)
    }
  })
}

/**
 * Opens what was unpacked with the passphrase or the kit of its time and checks all of it.
 * @param examine runs the job of that name
 * @throws VaultError for the proof; AppError 'rate_limited'; BackupError and DatabaseError of `examine`
 */
export async function checkUnpacked(
  unpacked: Pick<JobInput<'examine'>, 'file' | 'folder' | 'vaultId' | 'now'>,
  proof: Proof,
  { throttle, counted }: { readonly throttle: Throttle; readonly counted: string },
  examine: (input: JobInput<'examine'>) => Promise<Manifest>,
): Promise<Manifest> {
  throttle.attempt(counted)
  const opened = await unlockVault(unpacked.folder, proof).catch(asProofOfItsTime)
  throttle.succeeded(counted)
  try {
    return await examine({ ...unpacked, key: opened.database, publicKey: opened.publicKey })
  } finally {
    wipe(opened)
  }
}

const proofsOfItsTime: Readonly<Partial<Record<VaultErrorKind, string>>> = {
  'wrong-passphrase':
    'The backup did not open. It opens with the passphrase that the vault had when it was made. Nothing was restored. Try an earlier passphrase, or another backup.',
  'wrong-proof':
    'The backup did not open. It opens with the recovery kit that the vault had when it was made. Nothing was restored. Try an earlier kit, or the passphrase.',
  'no-such-factor': 'The vault had no recovery kit when this backup was made. Nothing was restored. Give the passphrase.',
}

/** A refused proof in the words of a backup. @throws always */
function asProofOfItsTime(error: unknown): never {
  const message = error instanceof VaultError ? proofsOfItsTime[error.kind] : undefined
  throw error instanceof VaultError && message !== undefined ? new VaultError(error.kind, message) : error
}

/** Says in a restored profile where it comes from. */
export function writeMark(folder: string, restored: RestoreMark): void {
  writeDurably(join(folder, markFileName), Buffer.from(`${JSON.stringify(mark.parse(restored))}\n`))
}

/** Removes what an interrupted restore of this vault left beside the data folder. */
export function sweepRestores(dataDir: string, vaultId: string): void {
  const parent = dirname(dataDir)
  const ours = new RegExp(`^\\.restored-\\d{4}-\\d{2}-\\d{2}-[0-9a-z]{4}\\.${vaultId.slice(0, 8)}\\.partial$`)
  for (const name of readdirSync(parent)) if (ours.test(name)) rmSync(join(parent, name), { recursive: true, force: true })
}

/** From which backup a profile was restored, at its first start; null at any other. */
export function readRestoreMark(dataDir: string): RestoreMark | null {
  const file = join(dataDir, markFileName)
  return existsSync(file) ? mark.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}

/** Once the first start is recorded. */
export function removeRestoreMark(dataDir: string): void {
  rmSync(join(dataDir, markFileName), { force: true })
  syncFolder(dataDir)
}
