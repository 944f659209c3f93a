import { randomBytes } from 'node:crypto'
import { passphraseStrength } from '../../../shared/domain/passphrase'
import type { DurableStep } from '../db'
import { auditPublicKey } from './auditKey'
import { beginCreation, endCreation, vaultExists } from './creation'
import { EnvelopeError, open, seal } from './envelope'
import { authenticate, type Header, type HeaderBody, type KeyName, keyNames, readHeader, verifyTag, writeHeader } from './header'
import { deriveKey, type KdfCost, saltLength } from './keyDerivation'
import { VaultError } from './vaultError'

export type World = 'live' | 'practice'

/** The keys of an open vault, each random and independent of the others, 32 bytes. Wipe with `wipe`. */
export interface VaultKeys {
  readonly vaultId: string
  readonly world: World
  /** Raw key of the database file. */
  readonly database: Buffer
  /** Wraps the keys of sealed secrets. */
  readonly records: Buffer
  /** Ed25519 seed that signs audit heads. */
  readonly audit: Buffer
  /** HMAC key of access tokens. */
  readonly tokens: Buffer
  /** HMAC key of the digests that stand in for personal data. */
  readonly digests: Buffer
  /** Ed25519 public key of `audit`; not secret. */
  readonly publicKey: Buffer
}

/** What the core keeps while the vault is locked: all but the records key. */
export type CoreKeys = Omit<VaultKeys, 'records'>

/** What a vault says of itself before it is unlocked. Not authenticated: for choosing what to show, never for trust. */
export interface VaultInfo {
  readonly vaultId: string
  readonly world: World
  readonly createdAt: number
}

const keyLength = 32
const schema = 'vault.header/1'

const passphrasePlace = (vault: string) => ({ vault, record: 'master', field: 'passphrase', version: 1, schema })
const keyPlace = (vault: string, name: KeyName) => ({ vault, record: 'key', field: name, version: 1, schema })

/** Zeroes every secret key. JavaScript may have made copies elsewhere; sealing the vault ends the process for that reason. */
export function wipe(keys: CoreKeys & { readonly records?: Buffer }): void {
  for (const name of keyNames) keys[name]?.fill(0)
}

/** @throws VaultError 'weak-passphrase' with the reason and the advice */
export function checkPassphrase(passphrase: string): void {
  const strength = passphraseStrength(passphrase)
  if (!strength.acceptable)
    throw new VaultError('weak-passphrase', `The passphrase was not accepted. ${strength.advice.join(' ')}`)
}

async function wrapMaster(vaultId: string, passphrase: string, master: Uint8Array, cost: KdfCost): Promise<HeaderBody['wraps']> {
  const salt = randomBytes(saltLength)
  const kek = await deriveKey(passphrase, salt, cost)
  try {
    const sealed = seal(kek, master, passphrasePlace(vaultId)).toString('base64')
    const { memoryKiB, iterations, parallelism } = cost
    const kdf = {
      algorithm: 'argon2id' as const,
      version: 19 as const,
      memoryKiB,
      iterations,
      parallelism,
      salt: salt.toString('base64'),
    }
    return [{ kind: 'passphrase', kdf, sealed }]
  } finally {
    kek.fill(0)
  }
}

function openSealed(key: Uint8Array, sealed: string, place: Parameters<typeof open>[2]): Buffer {
  try {
    return open(key, Buffer.from(sealed, 'base64'), place)
  } catch (error) {
    throw error instanceof EnvelopeError ? new VaultError('wrong-passphrase') : error
  }
}

/** Unwraps the master key and authenticates the whole header with it. */
async function openMaster(header: Header, passphrase: string): Promise<Buffer> {
  const [wrap] = header.wraps
  const kek = await deriveKey(passphrase, Buffer.from(wrap.kdf.salt, 'base64'), wrap.kdf)
  let master: Buffer
  try {
    master = openSealed(kek, wrap.sealed, passphrasePlace(header.vaultId))
  } finally {
    kek.fill(0)
  }
  try {
    verifyTag(header, master)
  } catch (error) {
    master.fill(0)
    throw error
  }
  return master
}

/** @throws VaultError 'missing' | 'newer' | 'damaged' */
export function readVaultInfo(dir: string): VaultInfo {
  const { vaultId, world, createdAt } = readHeader(dir)
  return { vaultId, world, createdAt }
}

export interface CreateVaultOptions {
  readonly world: World
  readonly kdf: KdfCost
  /** UTC epoch milliseconds. */
  readonly now: number
  /**
   * Creates what belongs to the vault, above all the database, with the new keys and before the header is written: a vault whose
   * header exists is complete. A throw leaves no vault behind.
   */
  readonly initialise: (keys: VaultKeys) => void
}

/**
 * Creates a vault: random master key wrapped by the passphrase, random keys wrapped by the master key. What an interrupted creation
 * left behind is swept first.
 * @returns the keys of the new vault, unlocked
 * @throws VaultError 'exists' | 'weak-passphrase' | 'refused-parameters'; DatabaseError when the folder cannot be written
 */
export async function createVault(
  dir: string,
  passphrase: string,
  { world, kdf, now, initialise }: CreateVaultOptions,
): Promise<VaultKeys> {
  if (vaultExists(dir)) throw new VaultError('exists')
  checkPassphrase(passphrase)
  const vaultId = randomBytes(16).toString('hex')
  const master = randomBytes(keyLength)
  const secrets = {
    database: randomBytes(keyLength),
    records: randomBytes(keyLength),
    audit: randomBytes(keyLength),
    tokens: randomBytes(keyLength),
    digests: randomBytes(keyLength),
  }
  const keys: VaultKeys = { vaultId, world, ...secrets, publicKey: auditPublicKey(secrets.audit) }
  const sealed = (name: KeyName) => seal(master, secrets[name], keyPlace(vaultId, name)).toString('base64')
  try {
    const body: HeaderBody = {
      format: 1,
      vaultId,
      world,
      createdAt: now,
      wraps: await wrapMaster(vaultId, passphrase, master, kdf),
      keys: {
        database: sealed('database'),
        records: sealed('records'),
        audit: sealed('audit'),
        tokens: sealed('tokens'),
        digests: sealed('digests'),
      },
      auditPublicKey: keys.publicKey.toString('base64'),
    }
    beginCreation(dir)
    initialise(keys)
    writeHeader(dir, authenticate(body, master))
    endCreation(dir)
    return keys
  } catch (error) {
    wipe(keys)
    throw error
  } finally {
    master.fill(0)
  }
}

/**
 * Opens a vault with its passphrase. The passphrase key and the master key are gone when it returns.
 * @throws VaultError 'missing' | 'newer' | 'damaged' | 'refused-parameters' | 'wrong-passphrase' (the last also for a changed header)
 */
export async function unlockVault(dir: string, passphrase: string): Promise<VaultKeys> {
  const header = readHeader(dir)
  const master = await openMaster(header, passphrase)
  try {
    const key = (name: KeyName) => openSealed(master, header.keys[name], keyPlace(header.vaultId, name))
    endCreation(dir)
    return {
      vaultId: header.vaultId,
      world: header.world,
      database: key('database'),
      records: key('records'),
      audit: key('audit'),
      tokens: key('tokens'),
      digests: key('digests'),
      publicKey: Buffer.from(header.auditPublicKey, 'base64'),
    }
  } finally {
    master.fill(0)
  }
}

/**
 * Changes the passphrase: one wrap of the master key and the tag are rewritten, nothing else (promise V2). After a power cut at any
 * instant the vault opens with the old or with the new passphrase.
 * @throws VaultError as `unlockVault`, and 'weak-passphrase' for the new one; the old passphrase then still opens the vault
 */
export async function changePassphrase(
  dir: string,
  current: string,
  next: string,
  { kdf, reached }: { kdf?: KdfCost; reached?: (step: DurableStep) => void } = {},
): Promise<void> {
  checkPassphrase(next)
  const header = readHeader(dir)
  const [wrap] = header.wraps
  const master = await openMaster(header, current)
  try {
    const wraps = await wrapMaster(header.vaultId, next, master, kdf ?? wrap.kdf)
    writeHeader(dir, authenticate({ ...header, wraps }, master), reached)
  } finally {
    master.fill(0)
  }
}
