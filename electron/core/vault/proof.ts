import { randomBytes } from 'node:crypto'
import { EnvelopeError, open, seal } from './envelope'
import { type FactorWrap, type Header, type PassphraseWrap, tagKeyOf, verifyTag } from './header'
import { deriveKey, hkdf, type KdfCost, saltLength } from './keyDerivation'
import { parseKitCode } from './kitCode'
import { VaultError } from './vaultError'

/** What someone shows to open a vault: exactly one thing. The caller owns and wipes the buffers. */
export type Proof =
  | { readonly passphrase: string }
  /** The code of the recovery kit, as typed. */
  | { readonly kitCode: string }
  /** What the authenticator's PRF extension gives for this vault, 32 bytes (WebAuthn level 3, section 10.1.4). */
  | { readonly passkey: { readonly credentialId: string; readonly prf: Uint8Array } }
  /** The random key that this machine's keychain holds for the vault, 32 bytes. */
  | { readonly keychainKey: Uint8Array }

/** A proof that is a random key in itself, with the name of its kind of wrap. */
export type RandomProof = Exclude<Proof, { readonly passphrase: string }>

/** What every wrap says of itself. */
export interface WrapLabel {
  readonly id: string
  readonly label: string
  /** UTC epoch milliseconds. */
  readonly createdAt: number
  readonly confirmedAt: number | null
}

const keyLength = 32
const schema = 'vault.header/1'

const masterPlace = (vault: string, kind: string, id: string) => ({
  vault,
  record: id,
  field: `master.${kind}`,
  version: 1,
  schema,
})

/** Wraps the master key under a passphrase. @throws VaultError 'refused-parameters' */
export async function wrapUnderPassphrase(
  vaultId: string,
  master: Uint8Array,
  passphrase: string,
  cost: KdfCost,
  { id, label, createdAt, confirmedAt }: WrapLabel,
): Promise<PassphraseWrap> {
  const salt = randomBytes(saltLength)
  const kek = await deriveKey(passphrase, salt, cost)
  try {
    const sealed = seal(kek, master, masterPlace(vaultId, 'passphrase', id)).toString('base64')
    const { memoryKiB, iterations, parallelism } = cost
    const kdf = { algorithm: 'argon2id', version: 19, memoryKiB, iterations, parallelism, salt: salt.toString('base64') } as const
    return { kind: 'passphrase', id, label, createdAt, confirmedAt, kdf, sealed }
  } finally {
    kek.fill(0)
  }
}

/**
 * The key of a proof that is random in itself, by HKDF alone. A passphrase needs a costly derivation because people choose it from few;
 * 160 random bits of a kit, and 256 of a keychain or an authenticator, cannot be guessed however cheap a guess is.
 */
function keyOf(proof: RandomProof, salt: Uint8Array): Buffer {
  const derive = (secret: Uint8Array, kind: string) => hkdf(secret, salt, Buffer.from(`countinghouse.wrap.${kind}/1`), keyLength)
  if ('passkey' in proof) return derive(proof.passkey.prf, 'passkey')
  if ('keychainKey' in proof) return derive(proof.keychainKey, 'keychain')
  const kit = parseKitCode(proof.kitCode)
  try {
    return derive(kit, 'kit')
  } finally {
    kit.fill(0)
  }
}

/** Wraps the master key under a proof that is random in itself. @throws AppError 'invalid_input' for a mistyped kit code */
export function wrapUnderRandom(
  vaultId: string,
  master: Uint8Array,
  proof: RandomProof,
  { id, label, createdAt, confirmedAt }: WrapLabel,
): FactorWrap {
  const salt = randomBytes(saltLength)
  const kind = kindOf(proof)
  const kek = keyOf(proof, salt)
  try {
    const sealed = seal(kek, master, masterPlace(vaultId, kind, id)).toString('base64')
    const wrap = { id, label, createdAt, confirmedAt, salt: salt.toString('base64'), sealed }
    return 'passkey' in proof
      ? { kind: 'passkey', ...wrap, credentialId: proof.passkey.credentialId }
      : { kind: 'kitCode' in proof ? 'kit' : 'keychain', ...wrap }
  } finally {
    kek.fill(0)
  }
}

/** The kind of wrap that a proof opens. */
export function kindOf(proof: RandomProof): FactorWrap['kind'] {
  if ('kitCode' in proof) return 'kit'
  return 'passkey' in proof ? 'passkey' : 'keychain'
}

/** The wrap that a proof is tried on: a passkey names its credential, of the other kinds there is at most one. */
function factorOf(header: Header, proof: RandomProof): FactorWrap {
  const [, ...factors] = header.wraps
  const found = factors.find((wrap) =>
    'passkey' in proof
      ? wrap.kind === 'passkey' && wrap.credentialId === proof.passkey.credentialId
      : wrap.kind === kindOf(proof),
  )
  if (found === undefined) throw new VaultError('no-such-factor')
  return found
}

async function keyAndWrap(header: Header, proof: Proof): Promise<{ kek: Buffer; wrap: PassphraseWrap | FactorWrap }> {
  if ('passphrase' in proof) {
    const [wrap] = header.wraps
    return { kek: await deriveKey(proof.passphrase, Buffer.from(wrap.kdf.salt, 'base64'), wrap.kdf), wrap }
  }
  const wrap = factorOf(header, proof)
  return { kek: keyOf(proof, Buffer.from(wrap.salt, 'base64')), wrap }
}

interface OpenedMaster {
  /** 32 bytes; wipe it after use. */
  readonly master: Buffer
  /** What it was wrapped in. */
  readonly wrap: PassphraseWrap | FactorWrap
}

async function unwrap(header: Header, proof: Proof): Promise<OpenedMaster> {
  const { kek, wrap } = await keyAndWrap(header, proof)
  try {
    return { master: open(kek, Buffer.from(wrap.sealed, 'base64'), masterPlace(header.vaultId, wrap.kind, wrap.id)), wrap }
  } finally {
    kek.fill(0)
  }
}

/**
 * Unwraps the master key and authenticates the whole header with it.
 * @throws VaultError 'wrong-passphrase' | 'wrong-proof' (also for a changed header) | 'no-such-factor' | 'refused-parameters';
 *   AppError 'invalid_input' for a mistyped kit code
 */
export async function openMaster(header: Header, proof: Proof): Promise<OpenedMaster> {
  let master: Buffer | undefined
  try {
    const opened = await unwrap(header, proof)
    master = opened.master
    const tagKey = tagKeyOf(master)
    try {
      verifyTag(header, tagKey)
    } finally {
      tagKey.fill(0)
    }
    return opened
  } catch (error) {
    master?.fill(0)
    const refused = error instanceof EnvelopeError || (error instanceof VaultError && error.kind === 'wrong-passphrase')
    if (!refused) throw error
    throw new VaultError('passphrase' in proof ? 'wrong-passphrase' : 'wrong-proof')
  }
}
