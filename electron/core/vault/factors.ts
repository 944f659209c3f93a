import type { DurableStep } from '../db'
import { newId } from '../ports/ids'
import { authenticate, type FactorWrap, type Header, mostFactors, readHeader, tagKeyOf, verifyTag, writeHeader } from './header'
import { kindOf, openMaster, type RandomProof, wrapUnderRandom } from './proof'
import { VaultError } from './vaultError'

/** One way to open the vault, as it may be shown. */
export interface WrapInfo {
  readonly id: string
  readonly kind: 'passphrase' | FactorWrap['kind']
  readonly label: string
  /** UTC epoch milliseconds. */
  readonly createdAt: number
  readonly confirmedAt: number | null
}

/** Told of each step of the durable write; a throw there stops as a power cut would. */
type Reached = (step: DurableStep) => void

const infoOf = ({ id, kind, label, createdAt, confirmedAt }: Header['wraps'][number]): WrapInfo => ({
  id,
  kind,
  label,
  createdAt,
  confirmedAt,
})

/**
 * What opens the vault, the passphrase first, and when its keys were last changed. The header is authenticated with the key of the
 * unlocked vault.
 * @throws VaultError as `readHeader`; 'damaged' for a header that was changed
 */
export function readFactors(dir: string, tagKey: Uint8Array): { readonly wraps: WrapInfo[]; readonly keysChangedAt: number } {
  const header = authenticHeader(dir, tagKey)
  return { wraps: header.wraps.map(infoOf), keysChangedAt: header.keysChangedAt }
}

/** @throws VaultError 'damaged' when the header differs from what was authenticated */
export function authenticHeader(dir: string, tagKey: Uint8Array): Header {
  const header = readHeader(dir)
  try {
    verifyTag(header, tagKey)
  } catch {
    throw new VaultError('damaged')
  }
  return header
}

/** @throws VaultError as `unlockVault` when this is not the passphrase */
export async function verifyPassphrase(dir: string, passphrase: string): Promise<void> {
  const { master } = await openMaster(readHeader(dir), { passphrase })
  master.fill(0)
}

/** A proof of the same kind takes the other's place: there is one kit, one keychain, one wrap per credential. */
function without(factors: readonly FactorWrap[], proof: RandomProof): FactorWrap[] {
  return factors.filter((wrap) =>
    'passkey' in proof
      ? wrap.kind !== 'passkey' || wrap.credentialId !== proof.passkey.credentialId
      : wrap.kind !== kindOf(proof),
  )
}

/**
 * Lets something more open the vault: the master key, opened with the passphrase, is wrapped under it. One of the same kind made before
 * (a kit, this vault's keychain, the same credential) stops working in the same write.
 * @throws VaultError as `unlockVault`; 'too-many-factors'
 */
export async function addFactor(
  dir: string,
  passphrase: string,
  proof: RandomProof,
  { label, now, reached }: { label: string; now: number; reached?: Reached },
): Promise<WrapInfo> {
  const header = readHeader(dir)
  const { master } = await openMaster(header, { passphrase })
  const tagKey = tagKeyOf(master)
  try {
    const wrap = wrapUnderRandom(header.vaultId, master, proof, {
      id: newId('fac', now),
      label,
      createdAt: now,
      confirmedAt: null,
    })
    const [first, ...factors] = header.wraps
    const kept = without(factors, proof)
    if (kept.length >= mostFactors) throw new VaultError('too-many-factors')
    writeHeader(dir, authenticate({ ...header, wraps: [first, ...kept, wrap] }, tagKey), reached)
    return infoOf(wrap)
  } finally {
    master.fill(0)
    tagKey.fill(0)
  }
}

/**
 * Tries the code of the recovery kit and notes when it worked. Nothing is unlocked.
 * @returns the kit; null when the code is not that of the kit in force
 * @throws AppError 'invalid_input' for a mistyped code; VaultError 'no-such-factor' | 'missing' | 'newer' | 'damaged'
 */
export async function confirmKit(dir: string, kitCode: string, now: number, reached?: Reached): Promise<WrapInfo | null> {
  const header = readHeader(dir)
  let opened: Awaited<ReturnType<typeof openMaster>>
  try {
    opened = await openMaster(header, { kitCode })
  } catch (error) {
    if (error instanceof VaultError && error.kind === 'wrong-proof') return null
    throw error
  }
  const tagKey = tagKeyOf(opened.master)
  try {
    const [first, ...factors] = header.wraps
    const confirmed = factors.map((wrap) => (wrap.id === opened.wrap.id ? { ...wrap, confirmedAt: now } : wrap))
    writeHeader(dir, authenticate({ ...header, wraps: [first, ...confirmed] }, tagKey), reached)
    return infoOf({ ...opened.wrap, confirmedAt: now })
  } finally {
    opened.master.fill(0)
    tagKey.fill(0)
  }
}

/**
 * Takes a way of opening away; the passphrase always stays. The wrap is gone from the header; a copy of the header made before still
 * opens with it, which only a change of keys ends for what is written later.
 * @param tagKey of the unlocked vault, so that revoking needs nothing but a click
 * @returns what was removed; null when there is no such wrap
 */
export function removeFactor(
  dir: string,
  tagKey: Uint8Array,
  which: (wrap: WrapInfo) => boolean,
  reached?: Reached,
): WrapInfo | null {
  const header = authenticHeader(dir, tagKey)
  const [first, ...factors] = header.wraps
  const gone = factors.find((wrap) => which(infoOf(wrap)))
  if (gone === undefined) return null
  writeHeader(dir, authenticate({ ...header, wraps: [first, ...factors.filter((wrap) => wrap !== gone)] }, tagKey), reached)
  return infoOf(gone)
}
