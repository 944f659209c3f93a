import { fromBufferPromise, type ZipFile } from 'yauzl'
import { z } from 'zod'
import type { FieldType } from '../../../shared/contract/secrets'
import type { ForeignItem, ForeignVault } from '../../core/ports/foreignVault'
import { damaged, field, guessType, parseJson, Unpacked } from './fields'

const text = z.string().nullish()

/** `export.data` of a 1PUX file (support.1password.com/1pux-format). */
const exported = z.looseObject({
  accounts: z.array(
    z.looseObject({
      vaults: z.array(
        z.looseObject({
          attrs: z.looseObject({ name: text }).optional(),
          items: z.array(
            z.looseObject({
              categoryUuid: text,
              state: text,
              overview: z.looseObject({
                title: text,
                url: text,
                urls: z.array(z.looseObject({ url: text })).nullish(),
                tags: z.array(z.string()).nullish(),
              }),
              details: z.looseObject({
                loginFields: z.array(z.looseObject({ value: text, name: text, fieldType: text, designation: text })).nullish(),
                notesPlain: text,
                password: text,
                sections: z
                  .array(
                    z.looseObject({
                      title: text,
                      fields: z.array(z.looseObject({ title: text, value: z.record(z.string(), z.unknown()) })).nullish(),
                    }),
                  )
                  .nullish(),
                documentAttributes: z.looseObject({ fileName: z.string(), documentId: z.string() }).nullish(),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
})
type Item = z.infer<typeof exported>['accounts'][number]['vaults'][number]['items'][number]
type Field = ForeignItem['fields'][number]

/** Categories of 1Password that have a kind of their own here; every other becomes a note with all its fields. */
const kinds: Readonly<Record<string, ForeignItem['kind']>> = {
  '001': 'login',
  '002': 'card',
  '003': 'note',
  '005': 'login',
  '006': 'file',
  '101': 'bank_account',
  '112': 'api_key',
  '114': 'api_key',
}

const fieldTypes: Readonly<Record<string, FieldType>> = {
  concealed: 'hidden',
  creditCardNumber: 'hidden',
  totp: 'totp',
  url: 'url',
  phone: 'phone',
  email: 'email',
  string: 'text',
  menu: 'text',
  gender: 'text',
  creditCardType: 'text',
}

/** A section's value is an object with one member that names its type. */
function sectionField(title: string, value: Readonly<Record<string, unknown>>): Field[] {
  const [kind = '', content] = Object.entries(value)[0] ?? []
  if (kind === 'date' && typeof content === 'number') {
    return field(title, 'date', new Date(content * 1000).toISOString().slice(0, 10))
  }
  if (kind === 'monthYear' && typeof content === 'number') {
    return field(title, 'text', `${String(content % 100).padStart(2, '0')}/${Math.floor(content / 100)}`)
  }
  if (typeof content === 'string') return field(title, fieldTypes[kind] ?? guessType(title, content), content)
  const parts = z.record(z.string(), z.unknown()).safeParse(content)
  if (!parts.success) return []
  if (kind === 'sshKey') return field(title, 'hidden', z.string().catch('').parse(parts.data.privateKey))
  const words = Object.values(parts.data).filter((part) => typeof part === 'string' && part !== '')
  return field(
    title,
    kind === 'email' ? 'email' : 'text',
    kind === 'email' ? String(parts.data.email_address ?? '') : words.join(', '),
  )
}

function fieldsOf({ details, overview }: Item): Field[] {
  const urls = overview.urls?.length ? overview.urls.map(({ url }) => url) : [overview.url]
  return [
    ...(details.loginFields ?? []).flatMap(({ designation, name, value, fieldType }) => {
      const type = designation === 'password' || fieldType === 'P' ? 'hidden' : 'text'
      return field(designation || name || 'field', type, value)
    }),
    ...field('password', 'hidden', details.password),
    ...urls.flatMap((url, index) => field(index === 0 ? 'website' : `website ${index + 1}`, 'url', url)),
    ...(details.sections ?? []).flatMap((section) =>
      (section.fields ?? []).flatMap(({ title, value }) => sectionField(title || section.title || 'field', value)),
    ),
    ...field('notes', 'multiline', details.notesPlain),
  ]
}

async function unpack(content: Buffer): Promise<Map<string, Buffer>> {
  let zip: ZipFile
  try {
    zip = await fromBufferPromise(content, { lazyEntries: true, validateEntrySizes: true })
  } catch {
    throw damaged('the file is no 1PUX archive. Choose the .1pux file that 1Password exported.')
  }
  const files = new Map<string, Buffer>()
  const unpacked = new Unpacked()
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      unpacked.add(entry.uncompressedSize)
      const stream = await zip.openReadStreamPromise(entry)
      const parts: Buffer[] = []
      for await (const part of stream) parts.push(part as Buffer)
      files.set(entry.fileName, Buffer.concat(parts))
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'AppError') throw error
    throw damaged('the archive is damaged. Export it again.')
  }
  return files
}

/** @throws AppError invalid_input */
export async function readOnePassword(content: Buffer): Promise<ForeignVault> {
  const files = await unpack(content)
  const data = files.get('export.data')
  if (data === undefined) throw damaged('the archive holds no export.data: it is no 1PUX export.')
  const parsed = exported.safeParse(parseJson(data, '1Password export'))
  if (!parsed.success) throw damaged('the archive is no 1PUX export of a kind that is known here.')
  const items: ForeignItem[] = []
  const left: string[] = []
  const taken = new Unpacked()
  for (const vault of parsed.data.accounts.flatMap(({ vaults }) => vaults)) {
    for (const item of vault.items) {
      const title = item.overview.title || 'Untitled'
      if (item.state === 'archived') left.push(`"${title}": it is archived in 1Password.`)
      else items.push({ ...bare(item, title, vault.attrs?.name), attachments: documentOf(item, { files, taken, left }, title) })
    }
  }
  return { items, left }
}

function bare(item: Item, title: string, vaultName: string | null | undefined): Omit<ForeignItem, 'attachments'> {
  const tags = [...(vaultName ? [vaultName] : []), ...(item.overview.tags ?? [])]
  return { kind: kinds[item.categoryUuid ?? ''] ?? 'note', title, tags, fields: fieldsOf(item) }
}

interface Found {
  readonly files: ReadonlyMap<string, Buffer>
  /** A file counts as often as items name it: each of them gets its own copy. */
  readonly taken: Unpacked
  readonly left: string[]
}

function documentOf({ details }: Item, { files, taken, left }: Found, title: string): ForeignItem['attachments'] {
  const document = details.documentAttributes
  if (!document) return []
  const content = files.get(`files/${document.documentId}__${document.fileName}`)
  if (content !== undefined) {
    taken.add(content.length)
    return [{ name: document.fileName, mediaType: 'application/octet-stream', content }]
  }
  left.push(`The file of "${title}": it is not in the archive.`)
  return []
}
