import {
  IconBrandStripe,
  IconBrandUpwork,
  IconBuildingBank,
  IconCreditCard,
  IconFile,
  IconKey,
  IconNotes,
  type IconProps,
  IconUserKey,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { type FieldType, type SecretField, type SecretKind, secretKinds } from '../../../shared/contract/secrets'
import type { World } from '../../../shared/contract/shell'
import { words } from './words'

/** The sign of each kind. */
export const kindIcons: Readonly<Record<SecretKind, ComponentType<IconProps>>> = {
  login: IconUserKey,
  api_key: IconKey,
  card: IconCreditCard,
  bank_account: IconBuildingBank,
  note: IconNotes,
  file: IconFile,
  stripe: IconBrandStripe,
  upwork: IconBrandUpwork,
}

/** The kinds in the order in which people look for them. */
export const kindOrder: readonly SecretKind[] = ['login', 'api_key', 'card', 'bank_account', 'note', 'file', 'stripe', 'upwork']

/** The kinds as options of a choice. */
export const kindOptions = kindOrder.map((kind) => ({ value: kind, label: words.kinds[kind] }))

/** The kind that a text names; null where it names none. */
export function kindOf(text: string | null): SecretKind | null {
  return secretKinds.find((kind) => kind === text) ?? null
}

interface TemplateField {
  readonly name: string
  readonly type: FieldType
}

const note: TemplateField = { name: 'Note', type: 'multiline' }

/** The fields that a new item of each kind begins with. */
export const templates: Readonly<Record<SecretKind, readonly TemplateField[]>> = {
  login: [
    { name: 'User name', type: 'text' },
    { name: 'Password', type: 'hidden' },
    { name: 'Website', type: 'url' },
    { name: 'One-time code', type: 'totp' },
    note,
  ],
  api_key: [{ name: 'Key', type: 'hidden' }, { name: 'Website', type: 'url' }, note],
  card: [
    { name: 'Name on card', type: 'text' },
    { name: 'Number', type: 'hidden' },
    { name: 'Expires', type: 'text' },
    { name: 'Security code', type: 'hidden' },
    { name: 'PIN', type: 'hidden' },
    note,
  ],
  bank_account: [
    { name: 'Bank', type: 'text' },
    { name: 'Account holder', type: 'text' },
    { name: 'IBAN', type: 'hidden' },
    { name: 'BIC', type: 'text' },
    { name: 'Account number', type: 'hidden' },
    { name: 'Routing number', type: 'text' },
    note,
  ],
  note: [note],
  file: [note],
  stripe: [{ name: 'Secret key', type: 'hidden' }, { name: 'Webhook secret', type: 'hidden' }, note],
  upwork: [
    { name: 'Client id', type: 'text' },
    { name: 'Client secret', type: 'hidden' },
    { name: 'Access token', type: 'hidden' },
    { name: 'Refresh token', type: 'hidden' },
    { name: 'Organization id', type: 'text' },
    note,
  ],
}

/** Whether the provider of a kind can be asked if a value works. There is no stand-in of Upwork in the practice world. */
export function isTestable(kind: SecretKind, world: World | null): boolean {
  return kind === 'stripe' || (kind === 'upwork' && world === 'live')
}

/** "Secret key", "secret_key" and "secretKey" name the same field. */
export function plainName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/[ _-]/g, '')
}

/** Hidden values that others give out: nobody makes them up. */
const givenOut: ReadonlySet<string> = new Set([
  'number',
  'securitycode',
  'iban',
  'accountnumber',
  'secretkey',
  'webhooksecret',
  'clientsecret',
  'accesstoken',
  'refreshtoken',
])

/** Whether it makes sense to generate the value of a field. */
export function isMadeUp(kind: SecretKind, name: string): boolean {
  return !givenOut.has(plainName(name)) && !(kind === 'api_key' && plainName(name) === 'key')
}

/** Whether a field's value stays hidden until it is asked for. */
export function isHidden(type: FieldType): boolean {
  return type === 'hidden' || type === 'totp'
}

/** The field that an item is kept for: its first hidden value, else its first value; undefined where it has none. */
export function mainField(fields: readonly SecretField[]): SecretField | undefined {
  return (
    fields.find((field) => field.type === 'hidden' && field.filled) ??
    fields.find((field) => field.type === 'totp' && field.filled) ??
    fields.find((field) => field.filled)
  )
}
