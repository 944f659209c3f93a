import { randomBytes } from 'node:crypto'
import { passphraseStrength } from '../../../shared/domain/passphrase'
import type { DurableStep } from '../db'
import { newId } from '../ports/ids'
import { auditPublicKey } from './auditKey'
import { beginCreation, endCreation, vaultExists } from './creation'
import { open, seal } from './envelope'
import { authenticate, type Header, type KeyName, readHeader, tagKeyOf, writeHeader } from './header'
import type { KdfCost } from './keyDerivation'
import { openMaster, type Proof, wrapUnderPassphrase } from './proof'
import { VaultError } from './vaultError'

export type World = 'live' | 'practice'

/** The keys of an open vault, each random and independent of the others, 32 bytes. Wipe with `wipe`. */
export interface VaultKeys {
  readonly vaultId: string
  readonly world: World
  /** Raw key of the database file as it is. */
  readonly database: Buffer
  /** The key that the file gets in a change of keys that is not yet through; null at any other time. */
  readonly nextDatabase: Buffer | null
  /** Wraps the keys of sealed secrets. */
  readonly records: Buffer
  /** The records key of before a change of keys that is not yet through; null at any other time. */
  readonly previousRecords: Buffer | null
  /** Ed25519 seed that signs audit heads. */
  readonly audit: Buffer
  /** HMAC key of access tokens. */
  readonly tokens: Buffer
  /** HMAC key of the digests that stand in for personal data. */
  readonly digests: Buffer
  /** Authenticates a changed header. */
  readonly headerTag: Buffer
  /** Ed25519 public key of `audit`; not secret. */
  readonly publicKey: Buffer
  /** Id of the wrap that opened the vault; not secret. */
  readonly openedWith: string
}

/** What the core keeps while the vault is locked: not the keys of records, and not the one that authenticates the header. */
export type CoreKeys = Omit<VaultKeys, keyof UnlockedKeys | 'openedWith'>

/** What is there only while the vault is unlocked. */
export interface UnlockedKeys {
  readonly records: Buffer
  readonly previousRecords: Buffer | null
  readonly nextDatabase: Buffer | null
  readonly headerTag: Buffer
}

/** What a vault says of itself before it is unlocked. Not authenticated: for choosing what to show, never for trust. */
export interface VaultInfo {
  readonly vaultId: string
  readonly world: World
  readonly createdAt: number
}

const keyLength = 32
const schema = 'vault.header/1'
const passphraseLabel = 'Passphrase'

const keyPlace = (vault: string, name: KeyName) => ({ vault, record: 'key', field: name, version: 1, schema })

/** Zeroes every secret key. JavaScript may have made copies elsewhere; sealing the vault ends the process for that reason. */
export function wipe(keys: CoreKeys & Partial<UnlockedKeys>): void {
  const { database, nextDatabase, records, previousRecords, audit, tokens, digests, headerTag } = keys
  for (const key of [database, nextDatabase, records, previousRecords, audit, tokens, digests, headerTag]) key?.fill(0)
}

/** @throws VaultError 'weak-passphrase' with the reason and the advice */
export function checkPassphrase(passphrase: string): void {
  const strength = passphraseStrength(passphrase)
  if (!strength.acceptable)
    throw new VaultError('weak-passphrase', `The passphrase was not accepted. ${strength.advice.join(' ')}`)
}

/** Seals keys under the master key, each in its own place of the header. */
export function sealKeys(
  vaultId: string,
  master: Uint8Array,
  keys: Pick<VaultKeys, 'database' | 'nextDatabase' | 'records' | 'previousRecords' | 'audit' | 'tokens' | 'digests'>,
): Header['keys'] {
  const sealed = (name: KeyName, key: Uint8Array) => seal(master, key, keyPlace(vaultId, name)).toString('base64')
  const { database, nextDatabase, previousRecords } = keys
  return {
    database: sealed('database', nextDatabase ?? database),
    ...(nextDatabase === null ? {} : { previousDatabase: sealed('previousDatabase', database) }),
    records: sealed('records', keys.records),
    ...(previousRecords === null ? {} : { previousRecords: sealed('previousRecords', previousRecords) }),
    audit: sealed('audit', keys.audit),
    tokens: sealed('tokens', keys.tokens),
    digests: sealed('digests', keys.digests),
  }
}

/** @throws VaultError 'missing' | 'newer' | 'damaged' */
export function readVaultInfo(dir: string): VaultInfo {
  const { vaultId, world, createdAt } = readHeader(dir)
  return { vaultId, world, createdAt }
}

/** What opens a vault besides its passphrase, as its header says before anything is proved; nothing where there is no readable header. */
export function openingsOf(dir: string): { kit: boolean; keychain: boolean; passkeys: string[] } {
  let wraps: Header['wraps']
  try {
    wraps = readHeader(dir).wraps
  } catch {
    return { kit: false, keychain: false, passkeys: [] }
  }
  return {
    kit: wraps.some(({ kind }) => kind === 'kit'),
    keychain: wraps.some(({ kind }) => kind === 'keychain'),
    passkeys: wraps.flatMap((wrap) => (wrap.kind === 'passkey' ? [wrap.credentialId] : [])),
  }
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
    headerTag: tagKeyOf(master),
  }
  const label = { id: newId('fac', now), label: passphraseLabel, createdAt: now, confirmedAt: null }
  const publicKey = auditPublicKey(secrets.audit)
  const keys: VaultKeys = {
    ...{ vaultId, world, ...secrets, publicKey },
    ...{ previousRecords: null, nextDatabase: null, openedWith: label.id },
  }
  try {
    const wrap = await wrapUnderPassphrase(vaultId, master, passphrase, kdf, label)
    const header = authenticate(
      {
        format: 1,
        vaultId,
        world,
        createdAt: now,
        keysChangedAt: now,
        wraps: [wrap],
        keys: sealKeys(vaultId, master, keys),
        auditPublicKey: publicKey.toString('base64'),
      },
      keys.headerTag,
    )
    beginCreation(dir)
    initialise(keys)
    writeHeader(dir, header)
    endCreation(dir)
    return keys
  } catch (error) {
    wipe(keys)
    throw error
  } finally {
    master.fill(0)
  }
}

/** The keys that a header wraps, opened with its master key. @throws VaultError 'damaged' where an authenticated header holds no such key */
export function openKeys(header: Header, master: Uint8Array, openedWith: string): VaultKeys {
  const key = (name: KeyName, sealed: string): Buffer => {
    try {
      return open(master, Buffer.from(sealed, 'base64'), keyPlace(header.vaultId, name))
    } catch {
      throw new VaultError('damaged')
    }
  }
  const { previousRecords, previousDatabase } = header.keys
  const database = key('database', header.keys.database)
  return {
    vaultId: header.vaultId,
    world: header.world,
    ...(previousDatabase === undefined
      ? { database, nextDatabase: null }
      : { database: key('previousDatabase', previousDatabase), nextDatabase: database }),
    records: key('records', header.keys.records),
    previousRecords: previousRecords === undefined ? null : key('previousRecords', previousRecords),
    audit: key('audit', header.keys.audit),
    tokens: key('tokens', header.keys.tokens),
    digests: key('digests', header.keys.digests),
    headerTag: tagKeyOf(master),
    publicKey: Buffer.from(header.auditPublicKey, 'base64'),
    openedWith,
  }
}

/**
 * Opens a vault with its passphrase, or with whatever else has a wrap: its recovery kit, a passkey, a keychain. The master key is gone
 * when it returns.
 * @throws VaultError 'missing' | 'newer' | 'damaged' | 'refused-parameters' | 'wrong-passphrase' | 'wrong-proof' (the last two also for a
 *   changed header) | 'no-such-factor'; AppError 'invalid_input' for a mistyped kit code
 */
export async function unlockVault(dir: string, proof: Proof): Promise<VaultKeys> {
  const header = readHeader(dir)
  const { master, wrap } = await openMaster(header, proof)
  try {
    endCreation(dir)
    return openKeys(header, master, wrap.id)
  } finally {
    master.fill(0)
  }
}

/**
 * Changes the passphrase: one wrap of the master key and the tag are rewritten, nothing else (promise V2). After a power cut at any
 * instant the vault opens with the old or with the new passphrase.
 * @param current the passphrase, or the kit where it is lost
 * @throws VaultError as `unlockVault`, and 'weak-passphrase' for the new one; the old passphrase then still opens the vault
 */
export async function changePassphrase(
  dir: string,
  current: string | { readonly kitCode: string },
  next: string,
  { kdf, reached }: { kdf?: KdfCost; reached?: (step: DurableStep) => void } = {},
): Promise<void> {
  checkPassphrase(next)
  const header = readHeader(dir)
  const [wrap, ...factors] = header.wraps
  const { master } = await openMaster(header, typeof current === 'string' ? { passphrase: current } : current)
  const tagKey = tagKeyOf(master)
  try {
    const renewed = await wrapUnderPassphrase(header.vaultId, master, next, kdf ?? wrap.kdf, wrap)
    writeHeader(dir, authenticate({ ...header, wraps: [renewed, ...factors] }, tagKey), reached)
  } finally {
    master.fill(0)
    tagKey.fill(0)
  }
}
