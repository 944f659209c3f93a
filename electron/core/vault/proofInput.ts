import type { Parsed } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import type { KeyStore } from '../ports/keyStore'
import type { Proof } from './proof'

const prfLength = 32

/** Name under which the keychain holds the key of a vault. */
export const keychainEntry = (vaultId: string): string => `vault.${vaultId}`

/** @throws AppError 'invalid_input' when the authenticator gave something else than 32 bytes */
export function passkeyProof(given: NonNullable<Parsed<'vault.unlock'>['passkey']>): Extract<Proof, { passkey: unknown }> {
  const prf = Buffer.from(given.prf, 'base64')
  if (prf.length !== prfLength)
    throw new AppError('invalid_input', 'Nothing was tried: an authenticator gives 32 bytes for a vault.')
  return { passkey: { credentialId: given.credentialId, prf } }
}

/** What may be shown to open a vault, as callers give it. */
export type ProofInput = Pick<Parsed<'vault.unlock'>, 'passphrase' | 'kitCode' | 'passkey' | 'keychain'>

/**
 * The one proof that a caller gives; the keychain's key is fetched. The caller wipes its buffers with `wipeProof`.
 * @param vaultId gives the id of the vault that is to be opened; asked for the keychain alone
 * @throws AppError 'invalid_input' for none or several; 'forbidden' when the keychain holds no key of this vault; 'unavailable'
 */
export async function proofOf(input: ProofInput, vaultId: () => string, keyStore: KeyStore): Promise<Proof> {
  const { passphrase, kitCode, passkey, keychain } = input
  if ([passphrase, kitCode, passkey, keychain].filter((one) => one !== undefined).length !== 1) {
    throw new AppError(
      'invalid_input',
      'Nothing was tried: give exactly one of the passphrase, the code of the recovery kit, a passkey or the keychain.',
    )
  }
  if (passphrase !== undefined) return { passphrase }
  if (kitCode !== undefined) return { kitCode }
  if (passkey !== undefined) return passkeyProof(passkey)
  const keychainKey = await keyStore.get(keychainEntry(vaultId()))
  if (keychainKey === null)
    throw new AppError('forbidden', 'The keychain of this machine holds no key of this vault. Unlock it with the passphrase.')
  return { keychainKey }
}

/** Zeroes what a proof holds in buffers; words typed by people are strings, which cannot be wiped. */
export function wipeProof(proof: Proof): void {
  if ('keychainKey' in proof) proof.keychainKey.fill(0)
  if ('passkey' in proof) proof.passkey.prf.fill(0)
}
