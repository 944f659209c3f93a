import { z } from 'zod'
import type { ForeignItem, ForeignVault } from '../../core/ports/foreignVault'
import { openBitwarden } from './bitwardenSealed'
import { damaged, field, guessType, parseJson } from './fields'

const text = z.string().nullish()

/** Bitwarden's JSON export (bitwarden.com/help/condition-bitwarden-import). */
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
        .looseObject({
          uris: z.array(z.looseObject({ uri: text })).nullish(),
          username: text,
          password: text,
          totp: text,
          fido2Credentials: z.array(z.unknown()).nullish(),
        })
        .nullish(),
      card: z
        .looseObject({ cardholderName: text, brand: text, number: text, expMonth: text, expYear: text, code: text })
        .nullish(),
      identity: z.record(z.string(), z.unknown()).nullish(),
      sshKey: z.looseObject({ privateKey: text, publicKey: text, keyFingerprint: text }).nullish(),
      attachments: z.array(z.unknown()).nullish(),
      passwordHistory: z.array(z.unknown()).nullish(),
      /** 1: asks for the master password before it is shown. */
      reprompt: z.int().nullish(),
    }),
  ),
})
type Item = z.infer<typeof exported>['items'][number]

const kinds: Readonly<Record<number, ForeignItem['kind']>> = { 1: 'login', 2: 'note', 3: 'card', 4: 'note', 5: 'api_key' }
/** Type of a custom field whose value is hidden. */
const hiddenField = 1
/** Numbers of an identity that are as good as a secret. */
const identityNumbers = /^(ssn|passportNumber|licenseNumber)$/

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
    ...Object.entries(identity ?? {}).flatMap(([name, value]) =>
      typeof value === 'string' ? field(name, identityNumbers.test(name) ? 'hidden' : guessType(name, value), value) : [],
    ),
    ...field('private key', 'hidden', sshKey?.privateKey),
    ...field('public key', 'multiline', sshKey?.publicKey),
    ...field('fingerprint', 'text', sshKey?.keyFingerprint),
    ...(item.fields ?? []).flatMap((custom) =>
      field(custom.name ?? 'field', custom.type === hiddenField ? 'hidden' : 'text', custom.value),
    ),
    ...field('notes', 'multiline', item.notes),
  ]
}

/** What of an item cannot be taken over, in sentences. */
function leftOf({ name, attachments, passwordHistory, login }: Item): string[] {
  const any = (list: readonly unknown[] | null | undefined) => (list?.length ?? 0) > 0
  return [
    ...(any(attachments) ? [`The attachments of "${name}": a Bitwarden JSON export does not hold them.`] : []),
    ...(any(passwordHistory) ? [`The earlier passwords of "${name}".`] : []),
    ...(any(login?.fido2Credentials)
      ? [`The passkey of "${name}": it works in Bitwarden only. Make a new one at the site.`]
      : []),
  ]
}

/** @throws AppError invalid_input; forbidden when the password of the file is wrong */
export async function readBitwarden(content: Buffer, password: string | undefined): Promise<ForeignVault> {
  const outer = parseJson(content, 'Bitwarden export')
  const opened = await openBitwarden(outer, password)
  const parsed = exported.safeParse(opened === undefined ? outer : parseJson(opened, 'Bitwarden export'))
  if (!parsed.success) throw damaged('the file is no Bitwarden JSON export.')
  const folders = new Map((parsed.data.folders ?? []).map(({ id, name }) => [id, name]))
  const items = parsed.data.items.map((item): ForeignItem => {
    const folder = item.folderId ? folders.get(item.folderId) : undefined
    return {
      kind: kinds[item.type] ?? 'note',
      title: item.name,
      tags: folder === undefined ? [] : [folder],
      sensitive: item.reprompt === 1,
      fields: fieldsOf(item),
      attachments: [],
    }
  })
  return { items, left: parsed.data.items.flatMap(leftOf) }
}
