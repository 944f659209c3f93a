import { z } from 'zod'
import type { ForeignItem, ForeignVault } from '../../core/ports/foreignVault'
import { damaged, field, parseJson } from './fields'

const text = z.string().nullish()

/** Bitwarden's unencrypted JSON export (bitwarden.com/help/condition-bitwarden-import). */
const exported = z.looseObject({
  encrypted: z.boolean().optional(),
  folders: z.array(z.looseObject({ id: text, name: z.string() })).nullish(),
  items: z.array(
    z.looseObject({
      type: z.int(),
      name: z.string(),
      notes: text,
      folderId: text,
      fields: z.array(z.looseObject({ name: text, value: text, type: z.int() })).nullish(),
      login: z
        .looseObject({ uris: z.array(z.looseObject({ uri: text })).nullish(), username: text, password: text, totp: text })
        .nullish(),
      card: z
        .looseObject({ cardholderName: text, brand: text, number: text, expMonth: text, expYear: text, code: text })
        .nullish(),
      identity: z.record(z.string(), z.unknown()).nullish(),
      sshKey: z.looseObject({ privateKey: text, publicKey: text, keyFingerprint: text }).nullish(),
      attachments: z.array(z.unknown()).nullish(),
    }),
  ),
})
type Item = z.infer<typeof exported>['items'][number]

const kinds: Readonly<Record<number, ForeignItem['kind']>> = { 1: 'login', 2: 'note', 3: 'card', 4: 'note', 5: 'api_key' }
/** Type of a custom field whose value is hidden. */
const hiddenField = 1

function fieldsOf(item: Item): ForeignItem['fields'][number][] {
  const { login, card, identity, sshKey } = item
  return [
    ...field('username', 'text', login?.username),
    ...field('password', 'hidden', login?.password),
    ...field('one-time code', 'totp', login?.totp),
    ...(login?.uris ?? []).flatMap(({ uri }, index) => field(index === 0 ? 'website' : `website ${index + 1}`, 'url', uri)),
    ...field('cardholder', 'text', card?.cardholderName),
    ...field('brand', 'text', card?.brand),
    ...field('number', 'hidden', card?.number),
    ...field('expires', 'text', card?.expMonth && card.expYear ? `${card.expMonth.padStart(2, '0')}/${card.expYear}` : null),
    ...field('security code', 'hidden', card?.code),
    ...Object.entries(identity ?? {}).flatMap(([name, value]) => (typeof value === 'string' ? field(name, 'text', value) : [])),
    ...field('private key', 'hidden', sshKey?.privateKey),
    ...field('public key', 'multiline', sshKey?.publicKey),
    ...field('fingerprint', 'text', sshKey?.keyFingerprint),
    ...(item.fields ?? []).flatMap((custom) =>
      field(custom.name ?? 'field', custom.type === hiddenField ? 'hidden' : 'text', custom.value),
    ),
    ...field('notes', 'multiline', item.notes),
  ]
}

/** @throws AppError invalid_input */
export function readBitwarden(content: Buffer): ForeignVault {
  const json = parseJson(content.toString('utf8'), 'Bitwarden export')
  const encrypted = z.looseObject({ encrypted: z.literal(true) }).safeParse(json)
  if (encrypted.success) {
    throw damaged(
      'this Bitwarden export is encrypted. Export it as ".json" without encryption, import that, then delete the file.',
    )
  }
  const parsed = exported.safeParse(json)
  if (!parsed.success) throw damaged('the file is no Bitwarden JSON export.')
  const folders = new Map((parsed.data.folders ?? []).map(({ id, name }) => [id, name]))
  const items = parsed.data.items.map((item): ForeignItem => {
    const folder = item.folderId ? folders.get(item.folderId) : undefined
    return {
      kind: kinds[item.type] ?? 'note',
      title: item.name,
      tags: folder === undefined ? [] : [folder],
      fields: fieldsOf(item),
      attachments: [],
    }
  })
  const withFiles = parsed.data.items.filter(({ attachments }) => (attachments?.length ?? 0) > 0)
  const left = withFiles.map(({ name }) => `The attachments of "${name}": a Bitwarden JSON export does not hold them.`)
  return { items, left }
}
