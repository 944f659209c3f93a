import type { FieldType, ImportFormat, SecretKind } from '../../../shared/contract/secrets'

/** An item as another vault holds it. Names are as found there; whoever takes it over makes them fit. */
export interface ForeignItem {
  readonly kind: SecretKind
  readonly title: string
  readonly tags: readonly string[]
  /** It asks for a proof before it is shown; false where left out. */
  readonly sensitive?: boolean
  /** As `secrets.create` takes it: the interval of its kind where left out. */
  readonly rotateEveryDays?: number | null
  readonly fields: readonly { readonly name: string; readonly type: FieldType; readonly value: string }[]
  readonly attachments: readonly { readonly name: string; readonly mediaType: string; readonly content: Uint8Array }[]
}

export interface ForeignVault {
  readonly items: readonly ForeignItem[]
  /** What the file holds and cannot be taken over, a sentence each; no secret. */
  readonly left: readonly string[]
}

/** Formats of other programs. */
export type ForeignFormat = Exclude<ImportFormat, 'countinghouse'>

/** Reads the exports of other vaults. */
export interface ForeignVaultReader {
  /**
   * @param password of a file that has one
   * @throws AppError invalid_input with the sentence that says what is wrong with the file, or that its password is missing; `forbidden`
   *   where the password is wrong
   */
  read(format: ForeignFormat, content: Buffer, password: string | undefined): Promise<ForeignVault>
}
