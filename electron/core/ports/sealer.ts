/** Where a sealed value belongs; it opens only there. */
export interface SealedPlace {
  readonly record: string
  readonly field: string
  readonly version: number
  readonly schema: string
}

/** Seals values under the vault's records key, bound to this vault and to their place. Exists only while the vault is unlocked. */
export interface Sealer {
  seal(plaintext: Uint8Array, place: SealedPlace): Uint8Array
  /** Throws when the value was changed or stands in another place. */
  open(sealed: Uint8Array, place: SealedPlace): Uint8Array
}
