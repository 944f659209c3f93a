import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db'
import { EnvelopeError, envelopeOverhead, type RecordCipher, type RecordKey } from '../vault/index'
import { fieldNamed, isHidden } from './fieldRules'
import type { OpenField } from './secretItems'
import { insertVersion, type NewVersion, type SealedField, sealedFieldsOf, sealedKeyOf } from './versions.repository'

/** The type is bound to the value, so that a hidden one cannot be passed off as one that is shown with the item. */
function schemaOf({ type }: Pick<OpenField, 'type'>): string {
  return `secret-field/1/${type}`
}

/** Stores a version: its fields sealed under a fresh key, the key wrapped under the records key. */
export function writeVersion(
  w: WriteDb,
  cipher: RecordCipher,
  version: Omit<NewVersion, 'sealedKey' | 'fields'> & { readonly fields: readonly OpenField[] },
): void {
  const { key, wrapped } = cipher.create({ record: version.secretId, version: version.version })
  try {
    insertVersion(w, {
      ...version,
      sealedKey: wrapped,
      fields: version.fields.map((field) => ({ ...field, sealed: key.seal(field.name, schemaOf(field), field.value) })),
    })
  } finally {
    key.wipe()
  }
}

interface ShownField {
  readonly name: string
  readonly type: OpenField['type']
  /** Null where it is hidden, or left closed. */
  readonly value: Buffer | null
  readonly filled: boolean
}

function noSuchVersion(): AppError {
  return new AppError('not_found', 'There is no such version of this secret. Nothing was done.')
}

/** What is said of a sealed value that does not open; any other error is given back as it is. */
export function damaged(error: unknown): unknown {
  if (!(error instanceof EnvelopeError)) return error
  return new AppError(
    'internal',
    'This secret was changed from outside or is damaged, so it was not opened, and nothing of it was shown. Restore it from a backup, and verify the log under Activity.',
  )
}

function opened<T>(
  r: ReadDb,
  cipher: RecordCipher,
  place: { readonly secretId: string; readonly version: number },
  use: (fields: readonly SealedField[], open: (field: SealedField) => Buffer) => T,
): T {
  const { secretId, version } = place
  const wrapped = sealedKeyOf(r, secretId, version)
  if (wrapped === undefined) throw noSuchVersion()
  let key: RecordKey | undefined
  try {
    const opening = cipher.unwrap(wrapped, { record: secretId, version })
    key = opening
    return use(sealedFieldsOf(r, secretId, version), (field) => opening.open(field.name, schemaOf(field), field.sealed))
  } catch (error) {
    throw damaged(error)
  } finally {
    key?.wipe()
  }
}

/**
 * Every field of a version in the open, in their order. The caller wipes the values.
 * @throws AppError not_found; internal when it was tampered with
 */
export function openFields(r: ReadDb, cipher: RecordCipher, secretId: string, version: number): OpenField[] {
  return opened(r, cipher, { secretId, version }, (fields, open) =>
    fields.map((field) => ({ name: field.name, type: field.type, value: open(field) })),
  )
}

/**
 * One value of a version; the others stay sealed. The caller wipes it.
 * @throws AppError not_found; internal when it was tampered with
 */
export function openField(
  r: ReadDb,
  cipher: RecordCipher,
  place: { readonly secretId: string; readonly version: number },
  name: string,
): OpenField {
  return opened(r, cipher, place, (fields, open) => {
    const field = fieldNamed(fields, name)
    if (field === undefined) throw new AppError('not_found', 'This secret has no field of that name. Nothing was shown.')
    return { name: field.name, type: field.type, value: open(field) }
  })
}

/** What may be shown of a version: hidden values stay sealed. */
export function showFields(r: ReadDb, cipher: RecordCipher, secretId: string, version: number): ShownField[] {
  return opened(r, cipher, { secretId, version }, (fields, open) =>
    fields.map((field) => {
      const filled = field.sealed.length > envelopeOverhead
      return { name: field.name, type: field.type, value: isHidden(field.type) || !filled ? null : open(field), filled }
    }),
  )
}
