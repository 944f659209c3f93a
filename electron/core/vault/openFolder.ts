import { join } from 'node:path'
import { AppError } from '../../../shared/errors'
import {
  acquireFolderLock,
  type Database,
  databaseFileName,
  type FolderLock,
  openDatabase,
  prepareDataFolder,
  settleExchange,
} from '../db/index'
import { vaultExists } from './creation'
import { calibrate, type KdfCost } from './keyDerivation'
import type { Proof } from './proof'
import { createThrottle, type Throttle, throttleFileName } from './throttle'
import { createVault, readVaultInfo, type VaultKeys, type World } from './vault'
import { createSession, type Session } from './vault.session'
import { VaultError } from './vaultError'

/** The vault in this folder belongs to the other world: practice and live never mix. */
export class WrongWorld extends AppError {
  constructor(found: World) {
    super(
      'wrong_world',
      found === 'live'
        ? 'This folder holds a live vault, and a practice world was asked for. Nothing was changed. Choose another folder for practice.'
        : 'This folder holds a practice world, and a live vault was asked for. Nothing was changed. Start it with --practice or choose another folder.',
    )
    this.name = 'WrongWorld'
  }
}

/** A data folder with its vault unlocked and its database open; `close` seals it and gives the folder back. */
export interface OpenVault {
  readonly dir: string
  readonly world: World
  readonly session: Session
  /** The brake on guesses at this folder's doors. */
  readonly throttle: Throttle
  readonly database: Database
  /** True when the vault was made just now. */
  readonly created: boolean
  close(): void
}

export interface OpenFolderOptions {
  readonly dir: string
  readonly world: World
  /** What opens the vault; a new one is made with a passphrase alone. */
  readonly proof: Proof
  /** Which door the proof came through, for the throttle. */
  readonly door: string
  readonly now: () => number
  /** Runs with the folder locked, before anything in it is opened. */
  readonly beforeOpen?: (dir: string) => void
  /** Cost of the passphrase for a new vault; calibrated on this machine when left out. */
  readonly kdf?: KdfCost
}

/**
 * Takes the folder's lock, then opens its vault, or creates one where there is none.
 * @throws DataFolderError, FolderInUse, WrongWorld, VaultError, DatabaseError; the folder is then free again and unchanged
 */
export async function openVaultFolder(options: OpenFolderOptions): Promise<OpenVault> {
  const dir = prepareDataFolder(options.dir)
  const lock = await acquireFolderLock(dir)
  try {
    options.beforeOpen?.(dir)
    return await openLocked(dir, lock, options)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** What is known of a folder once its lock is taken. Not the proof: the opened vault must not remember it (promise V5). */
type Folder = Pick<OpenVault, 'dir' | 'world' | 'session' | 'throttle'> & {
  readonly file: string
  readonly lock: FolderLock
  readonly now: () => number
}

async function openLocked(dir: string, lock: FolderLock, options: OpenFolderOptions): Promise<OpenVault> {
  const throttle = createThrottle(join(dir, throttleFileName))
  const session = createSession(dir, throttle)
  const { world, now } = options
  const folder: Folder = { dir, world, session, throttle, lock, now, file: join(dir, databaseFileName) }
  try {
    if (vaultExists(dir)) {
      const found = readVaultInfo(dir)
      if (found.world !== world) throw new WrongWorld(found.world)
      await session.unlock(options.proof, options.door)
      return withDatabase(folder, false)
    }
    if (!('passphrase' in options.proof)) throw new VaultError('missing')
    await createIn(folder, options.proof.passphrase, options.kdf)
    return withDatabase(folder, true)
  } catch (error) {
    session.seal()
    throw error
  }
}

async function createIn({ dir, world, now, file, session }: Folder, passphrase: string, kdf: KdfCost | undefined): Promise<void> {
  const initialise = (fresh: VaultKeys) => openDatabase({ file, key: fresh.database, create: true, now }).close()
  session.adopt(await createVault(dir, passphrase, { world, kdf: kdf ?? (await calibrate()), now: now(), initialise }))
}

function withDatabase({ dir, world, session, throttle, lock, file, now }: Folder, created: boolean): OpenVault {
  const key = session.coreKeys().database
  settleExchange(file, key, session.nextDatabaseKey() !== null)
  const database = openDatabase({ file, key, now })
  return { dir, world, session, throttle, database, created, close: () => closeAll(database, session, lock) }
}

/** Gives everything back, also when the last checkpoint fails on a full disk: what was committed stands in the log then. */
function closeAll(database: Database, session: Session, lock: FolderLock): void {
  try {
    database.checkpoint()
  } finally {
    try {
      database.close()
    } finally {
      session.seal()
      lock.release()
    }
  }
}
