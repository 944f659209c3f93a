import { z } from 'zod'
import {
  type FieldType,
  type fieldChange,
  fieldName,
  type newField,
  type Secret,
  type SecretKind,
} from '../../../../shared/contract/secrets'
import { readOtpauth } from '../../../../shared/domain/otpauth'
import { defaultInterval } from '../../../../shared/domain/rotation'
import { isHidden, plainName, templates } from '../kinds'
import { words } from './words'

/** One field of the form. */
export interface FieldDraft {
  /** Stays while the field is renamed or moved. */
  readonly key: string
  readonly name: string
  readonly type: FieldType
  readonly value: string
  /** A hidden value lies in the vault and stays as it is; `value` is empty then. */
  readonly kept: boolean
  /** A hidden value lies in the vault, whether it is kept or replaced here. */
  readonly stored: boolean
}

/** What the form of an item holds. */
export interface SecretDraft {
  readonly kind: SecretKind
  /** Null: it belongs to the whole vault. */
  readonly businessId: string | null
  readonly title: string
  readonly tags: readonly string[]
  readonly sensitive: boolean
  /** Null: never due. */
  readonly rotateEveryDays: number | null
  readonly fields: readonly FieldDraft[]
}

let keys = 0

/** A field for the form, empty unless a value is given. */
export function newFieldDraft(name: string, type: FieldType, value = ''): FieldDraft {
  keys += 1
  return { key: `field-${keys}`, name, type, value, kept: false, stored: false }
}

/** The form of a new item of a kind. */
export function emptyDraft(kind: SecretKind, businessId: string | null): SecretDraft {
  return {
    kind,
    businessId,
    title: '',
    tags: [],
    sensitive: false,
    rotateEveryDays: defaultInterval(kind),
    fields: templates[kind].map(({ name, type }) => newFieldDraft(name, type)),
  }
}

/** The draft as another kind: what was typed stays, empty fields of the old kind make room for those of the new one. */
export function asKind(draft: SecretDraft, kind: SecretKind): SecretDraft {
  const typed = draft.fields.filter((field) => field.value !== '')
  const fresh = emptyDraft(kind, draft.businessId)
  const own = fresh.fields.map((field) => typed.find((candidate) => sameName(candidate.name, field.name)) ?? field)
  return {
    ...draft,
    kind,
    rotateEveryDays: fresh.rotateEveryDays,
    fields: [...own, ...typed.filter((field) => !own.includes(field))],
  }
}

/** The form of a stored item: its fields, then those of its kind that it does not have. */
export function draftOfSecret(secret: Secret): SecretDraft {
  const stored = secret.fields.map((field) => ({
    ...newFieldDraft(field.name, field.type, field.value ?? ''),
    kept: isHidden(field.type) && field.filled,
    stored: isHidden(field.type) && field.filled,
  }))
  const missing = templates[secret.kind].filter((field) => !stored.some((own) => sameName(own.name, field.name)))
  return {
    kind: secret.kind,
    businessId: secret.businessId,
    title: secret.title,
    tags: secret.tags,
    sensitive: secret.sensitive,
    rotateEveryDays: secret.rotation.everyDays,
    fields: [...stored, ...missing.map(({ name, type }) => newFieldDraft(name, type))],
  }
}

function sameName(a: string, b: string): boolean {
  return plainName(a) === plainName(b)
}

/** Fields that are stored: empty ones are left out, and a bare setup key becomes the address that generators exchange. */
function filled(draft: SecretDraft): FieldDraft[] {
  return draft.fields
    .filter((field) => field.kept || field.value.trim() !== '')
    .map((field) => ({ ...field, name: field.name.trim(), value: storedValue(field, draft.title) }))
}

function storedValue({ type, value }: FieldDraft, title: string): string {
  if (type === 'totp') return otpauthText(value, title)
  if (type === 'url') return urlText(value)
  return type === 'email' ? value.trim() : value
}

/** An address as a browser would read it: `example.com` means https. */
function urlText(typed: string): string {
  const text = typed.trim()
  return text === '' || /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`
}

function otpauthText(typed: string, title: string): string {
  const text = typed.trim()
  if (text === '' || text.includes(':') || readOtpauth(text) === null) return text
  return `otpauth://totp/${encodeURIComponent(title.trim() || 'code')}?secret=${text.replace(/[\s-]/g, '').toUpperCase()}`
}

/** The fields of a draft for a new item. */
export function fieldsToCreate(draft: SecretDraft): z.infer<typeof newField>[] {
  return filled(draft).map(({ name, type, value }) => ({ name, type, value }))
}

/** The fields of a draft for a stored item; a value that stays is left out. */
export function fieldsToChange(draft: SecretDraft): z.infer<typeof fieldChange>[] {
  return filled(draft).map(({ name, type, value, kept }) => (kept ? { name, type } : { name, type, value }))
}

/** A list with the element at `from` moved to `to`; the same list where either is outside it. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const element = list[from]
  if (element === undefined || to < 0 || to >= list.length) return list
  return list.toSpliced(from, 1).toSpliced(to, 0, element)
}

export interface DraftProblems {
  readonly title?: string
  /** By key of the field. */
  readonly fields: Readonly<Record<string, string>>
}

/** What keeps a draft from being saved. */
export function draftProblems(draft: SecretDraft): DraftProblems {
  const fields: Record<string, string> = {}
  for (const field of draft.fields)
    if (field.stored && !field.kept && field.value === '') fields[field.key] = words.replaceMissing
  for (const field of filled(draft)) {
    const twin = draft.fields.some(
      (other) => other.key !== field.key && (other.kept || other.value.trim() !== '') && sameName(other.name, field.name),
    )
    const problem = twin ? words.nameTwice : fieldProblem(field)
    if (problem !== null) fields[field.key] = problem
  }
  return { fields, ...(draft.title.trim() === '' ? { title: words.titleMissing } : {}) }
}

function fieldProblem(field: FieldDraft): string | null {
  if (!fieldName.safeParse(field.name).success) return words.nameWrong
  if (field.kept) return null
  switch (field.type) {
    case 'url':
      return URL.canParse(field.value) ? null : words.urlWrong
    case 'email':
      return z.email().safeParse(field.value).success ? null : words.emailWrong
    case 'totp':
      return readOtpauth(field.value) === null ? words.totpWrong : null
    default:
      return null
  }
}

/** Whether anything was typed or changed since `before`. */
export function isChanged(draft: SecretDraft, before: SecretDraft): boolean {
  return JSON.stringify(draft) !== JSON.stringify(before)
}
