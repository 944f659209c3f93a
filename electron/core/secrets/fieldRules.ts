import type { FieldType, SecretKind } from '../../../shared/contract/secrets'
import { AppError } from '../../../shared/errors'
import type { OpenField } from './secretItems'

const hiddenTypes: ReadonlySet<FieldType> = new Set(['hidden', 'totp'])

/** Fields that an adapter reads, which must therefore be there and not be shown with the item; names as `plainName` makes them. */
const required: Partial<Record<SecretKind, readonly string[]>> = { stripe: ['secretkey'] }
const neverShown: Partial<Record<SecretKind, readonly string[]>> = {
  stripe: ['secretkey', 'webhooksecret'],
  upwork: ['clientsecret', 'accesstoken', 'refreshtoken'],
  card: ['number', 'securitycode', 'pin'],
}

/** Whether a value of this type leaves the vault only by a reveal, a copy or the broker. */
export function isHidden(type: FieldType): boolean {
  return hiddenTypes.has(type)
}

/** A field name as it is compared: "Secret key", "secret_key" and "secretKey" are the same field. */
export function plainName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/[ _-]/g, '')
}

/** The field of that name, written as it stands or in another way of writing it; undefined when there is none. */
export function fieldNamed<F extends { readonly name: string }>(fields: readonly F[], name: string): F | undefined {
  return fields.find((field) => field.name === name) ?? fields.find((field) => plainName(field.name) === plainName(name))
}

/**
 * What every list of fields must be.
 * @throws AppError invalid_input, with a sentence that names the field and never its value
 */
export function checkFields(kind: SecretKind, fields: readonly Pick<OpenField, 'name' | 'type' | 'value'>[]): void {
  const refuse = (sentence: string): never => {
    throw new AppError('invalid_input', `${sentence} Nothing was kept.`)
  }
  const names = new Set<string>()
  for (const { name, type } of fields) {
    const plain = plainName(name)
    if (names.has(plain)) refuse(`There are two fields with the name ${name}; give one of them another name.`)
    names.add(plain)
    if (neverShown[kind]?.includes(plain) && !isHidden(type)) refuse(`The field ${name} holds a secret; its type must be hidden.`)
  }
  for (const name of required[kind] ?? []) {
    const field = fields.find((candidate) => plainName(candidate.name) === name)
    if (field === undefined || field.value.length === 0) refuse('A Stripe item needs the field Secret key with a value.')
  }
}

type Comparable = Pick<OpenField, 'name' | 'type' | 'value'>

function sameField(a: Comparable, b: Comparable | undefined): boolean {
  return b !== undefined && a.name === b.name && a.type === b.type && a.value.equals(b.value)
}

/** Names of the fields that were added, removed or given another type or value, in the order of the new list, then of the old one. */
export function changedNames(before: readonly OpenField[], after: readonly OpenField[]): string[] {
  const named = (fields: readonly OpenField[], name: string) => fields.find((field) => field.name === name)
  return [
    ...after.filter((field) => !sameField(field, named(before, field.name))),
    ...before.filter(({ name }) => named(after, name) === undefined),
  ].map(({ name }) => name)
}

/** Whether a hidden value differs, was added or removed: what makes an item a new credential. */
export function hiddenValuesDiffer(before: readonly OpenField[], after: readonly OpenField[]): boolean {
  const hidden = (fields: readonly OpenField[]) => fields.filter(({ type, value }) => isHidden(type) && value.length > 0)
  const [old, next] = [hidden(before), hidden(after)]
  return (
    old.length !== next.length ||
    next.some(({ name, value }) => {
      const was = old.find((field) => plainName(field.name) === plainName(name))
      return was === undefined || !was.value.equals(value)
    })
  )
}

/** Fields laid over others: what has the name of one replaces it in its place, anything else is added at the end. */
export function laidOver(before: readonly OpenField[], fields: readonly OpenField[]): OpenField[] {
  const replaced = before.map((field) => {
    const next = fieldNamed(fields, field.name)
    return next === undefined ? field : { ...next, name: field.name }
  })
  return [...replaced, ...fields.filter(({ name }) => fieldNamed(before, name) === undefined)]
}
