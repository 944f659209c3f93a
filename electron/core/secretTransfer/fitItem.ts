import type { FieldType, SecretKind } from '../../../shared/contract/secrets'
import { fieldName } from '../../../shared/contract/secrets'
import type { ForeignItem } from '../ports/foreignVault'
import { largestAttachment, mediaTypeOf, plainName } from '../secrets/index'

/** An item in the words of this vault. */
export interface FittedItem {
  readonly kind: SecretKind
  readonly title: string
  readonly tags: readonly string[]
  readonly sensitive: boolean
  readonly rotateEveryDays?: number | null
  readonly fields: readonly { readonly name: string; readonly type: FieldType; readonly value: string }[]
  readonly attachments: ForeignItem['attachments']
}

const mostFields = 60
const longestValue = 20_000
const mostTags = 20

function oneLine(text: string, most: number): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed()
}

/** What other programs call the fields that items of this vault begin with. Names that a person gave stay as they are. */
const ownNames: ReadonlyMap<string, string> = new Map([
  ['username', 'User name'],
  ['password', 'Password'],
  ['website', 'Website'],
  ['one-time code', 'One-time code'],
  ['cardholder', 'Name on card'],
  ['brand', 'Brand'],
  ['number', 'Number'],
  ['expires', 'Expires'],
  ['security code', 'Security code'],
  ['private key', 'Private key'],
  ['public key', 'Public key'],
  ['fingerprint', 'Fingerprint'],
  ['notes', 'Note'],
])

/** A field name that the contract takes, told apart from those before it by a number. */
function fitName(name: string, taken: Set<string>): string {
  const bare = name
    .toWellFormed()
    .replace(/[^\p{L}\p{N} _-]+/gu, ' ')
    .replace(/^[ _-]+/, '')
    .trim()
    .slice(0, 50)
    .trim()
  const base = ownNames.get(bare) ?? (fieldName.safeParse(bare).success ? bare : 'Field')
  let fitted = base
  for (let number = 2; taken.has(plainName(fitted)); number++) fitted = `${base} ${number}`
  taken.add(plainName(fitted))
  return fitted
}

function fitTag(tag: string): string {
  return tag
    .toWellFormed()
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/^[ ._-]+/, '')
    .trim()
    .slice(0, 40)
    .trim()
}

/** Names that hold a card's or key's secret in every item of the kind; such a field is always hidden. */
const alwaysHidden = /^(card ?number|number|security code|cvv|cvc|pin)$/i

/**
 * Makes an item of another vault fit this one's rules: names, lengths, one name once.
 * @returns the item, and in sentences what of it had to be left
 */
export function fitItem(foreign: ForeignItem): { readonly item: FittedItem; readonly left: readonly string[] } {
  const title = oneLine(foreign.title, 200) || 'Untitled'
  const left: string[] = []
  const names = new Set<string>()
  const fields = foreign.fields.flatMap(({ name, type, value }) => {
    if (value.length <= longestValue) {
      const fitted = fitName(name, names)
      return [
        {
          name: fitted,
          type: foreign.kind === 'card' && alwaysHidden.test(fitted) ? ('hidden' as const) : type,
          value: value.toWellFormed(),
        },
      ]
    }
    left.push(`A field of "${title}": it is longer than ${longestValue.toLocaleString('en')} characters.`)
    return []
  })
  if (fields.length > mostFields) left.push(`${fields.length - mostFields} fields of "${title}": an item holds ${mostFields}.`)
  const tags = [...new Set(foreign.tags.map(fitTag).filter((tag) => tag !== ''))].slice(0, mostTags)
  const attachments = foreign.attachments.flatMap(({ name, content }) => {
    if (content.length <= largestAttachment)
      return [{ name: oneLine(name, 200) || 'file', mediaType: mediaTypeOf(name), content }]
    left.push(`A file of "${title}": it is larger than 50 MiB.`)
    return []
  })
  const { kind, sensitive = false, rotateEveryDays } = foreign
  const interval = rotateEveryDays === undefined ? {} : { rotateEveryDays }
  return { item: { kind, title, tags, sensitive, ...interval, fields: fields.slice(0, mostFields), attachments }, left }
}
