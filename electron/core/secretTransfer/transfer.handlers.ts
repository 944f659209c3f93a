import type { Output, Parsed } from '../../../shared/contract/index'
import { passphraseStrength } from '../../../shared/domain/passphrase'
import { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import type { Database, ReadDb, WriteDb } from '../db'
import type { CommandFacts, Handlers, TaskContext } from '../dispatch/handler'
import type { FileDialogs } from '../ports/fileDialogs'
import type { ForeignVault, ForeignVaultReader } from '../ports/foreignVault'
import type { StepUp } from '../ports/stepUp'
import {
  type Act,
  attachContent,
  attachmentContent,
  attachmentsOf,
  hintOf,
  type Items,
  type OpenField,
  type SecretItems,
  wipeFields,
} from '../secrets/index'
import { importState, titlesOf } from './dedupe'
import { type FittedItem, fitItem } from './fitItem'
import { type PlainItem, readOwnExport, sealExport, writePlain } from './ownFormat'
import type { Previews } from './previews'

/** Largest file that is read for an import, in bytes. */
const mostBytes = 100 * 1024 * 1024
/** Most bytes of files in an export: more could not be put into JSON and sealed without holding everything else up. */
const mostFileBytes = 16 * 1024 * 1024
/** How long one transaction of an import may take, in milliseconds. */
const sliceMs = 25
const extensions = {
  bitwarden: ['json'],
  '1pux': ['1pux'],
  kdbx: ['kdbx'],
  csv: ['csv'],
  env: ['env', 'txt'],
  countinghouse: ['json'],
} as const

export interface TransferDeps {
  readonly items: Items
  readonly previews: Previews
  readonly reader: ForeignVaultReader
  readonly stepUp: StepUp
  /** Null where there is no screen. */
  readonly dialogs: FileDialogs | null
  readonly assertBusiness: (db: ReadDb, businessId: string) => void
  readonly onProgress: (done: number, total: number) => void
}

const giveWay = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Taking secrets over from other vaults, and writing them out. */
export function transferHandlers(deps: TransferDeps): Handlers<'secrets.previewImport' | 'secrets.import' | 'secrets.export'> {
  return {
    'secrets.previewImport': {
      task: async (context, input) => {
        if (input.businessId !== undefined) deps.assertBusiness(context.database.read, input.businessId)
        const content = await contentOf(deps, input)
        if (content === null) return { preview: null }
        const found = await read(deps, input, content)
        content.fill(0)
        return { preview: await preview(deps, context, input, found) }
      },
    },
    'secrets.import': {
      task: async (context, { importId, indexes }) => {
        const { items, businessId } = deps.previews.find(importId, context.now)
        const chosen = [...new Set(indexes)].map((index) => {
          const item = items[index]
          if (item === undefined)
            throw new AppError(
              'invalid_input',
              'Nothing was imported: an index names no item of this preview. Read the file again.',
            )
          return item
        })
        const fresh = chosen.filter(({ state }) => state !== 'same')
        await takeOver(deps, context, businessId, fresh)
        deps.previews.clear()
        context.note({ imported: fresh.length, skipped: chosen.length - fresh.length })
        context.changed('secrets')
        return { imported: fresh.length, skipped: chosen.length - fresh.length }
      },
    },
    'secrets.export': {
      facts: (db, input) => exportFacts(deps, db, input),
      task: (context, input) => exportSecrets(deps, context, input),
    },
  }
}

async function contentOf({ dialogs }: TransferDeps, input: Parsed<'secrets.previewImport'>): Promise<Buffer | null> {
  if (input.content !== undefined) return Buffer.from(input.content, 'base64')
  if (dialogs === null)
    throw new AppError(
      'invalid_input',
      'Nothing was read: send the file as base64 in "content"; there is no screen here to choose one at.',
    )
  const file = await dialogs.openForReading({ title: 'Import secrets', extensions: extensions[input.format] })
  if (file === null) return null
  if (file.totalBytes > mostBytes) throw new AppError('too_large', 'Nothing was read: the file is larger than 100 MiB.')
  const parts: Uint8Array[] = []
  for await (const part of file.chunks) parts.push(part)
  return Buffer.concat(parts)
}

function read(deps: TransferDeps, input: Parsed<'secrets.previewImport'>, content: Buffer): Promise<ForeignVault> {
  return input.format === 'countinghouse'
    ? readOwnExport(content, input.password)
    : deps.reader.read(input.format, content, input.password)
}

async function preview(
  deps: TransferDeps,
  { database, now, actor }: TaskContext,
  input: Parsed<'secrets.previewImport'>,
  found: ForeignVault,
): Promise<Output<'secrets.previewImport'>['preview']> {
  const businessId = input.businessId ?? null
  const left = [...found.left]
  const titles = await titlesOf(database.read, deps.items, businessId)
  const items = []
  for (const foreign of found.items) {
    const fitted = fitItem(foreign)
    left.push(...fitted.left)
    items.push({ ...fitted.item, state: importState(database.read, deps.items, titles, fitted.item, actor) })
    if (items.length % 50 === 0) await giveWay()
  }
  const kept = deps.previews.keep({ businessId, format: input.format, items }, now)
  return {
    importId: kept.id,
    format: input.format,
    items: items.map(({ kind, title, fields, attachments, state }, index) => {
      const open = openFields(fields)
      const hint = hintOf(kind, open)
      wipeFields(open)
      return { index, kind, title, hint, fieldNames: fields.map(({ name }) => name), attachmentCount: attachments.length, state }
    }),
    left,
  }
}

function openFields(fields: FittedItem['fields']): OpenField[] {
  return fields.map(({ name, type, value }) => ({ name, type, value: Buffer.from(value, 'utf8') }))
}

function actOf({ actor, door, now }: TaskContext, procedure: string): Act {
  return { actor: actor.name, door, procedure, now }
}

/** Makes the items in short transactions; takes those made out again when one fails or the app closes. */
async function takeOver(
  { items, onProgress }: TransferDeps,
  context: TaskContext,
  businessId: string | null,
  chosen: readonly FittedItem[],
): Promise<void> {
  const act = actOf(context, 'secrets.import')
  const made: string[] = []
  try {
    for (let next = 0; next < chosen.length; ) {
      context.signal.throwIfAborted()
      const ends = performance.now() + sliceMs
      next = context.database.write((w) => {
        let at = next
        while (at < chosen.length && (at === next || performance.now() < ends)) {
          const item = chosen[at++] as FittedItem
          const fields = openFields(item.fields)
          const secretId = items.create(w, { ...item, businessId, fields }, act)
          made.push(secretId)
          wipeFields(fields)
          for (const { name, mediaType, content } of item.attachments) {
            attachContent(w, items, { secretId, name, mediaType }, content, act.now)
          }
        }
        prove(w, act, businessId, { imported: at - next })
        return at
      })
      onProgress(next, chosen.length)
      await giveWay()
    }
  } catch (error) {
    takeOut(context.database, items, made, act, businessId)
    throw error
  }
}

function takeOut(database: Database, items: SecretItems, made: readonly string[], act: Act, businessId: string | null): void {
  database.write((w) => {
    for (const id of made) {
      try {
        items.destroy(w, id, act)
      } catch (error) {
        // Made in the transaction that failed: it is not there.
        if (!(error instanceof AppError)) throw error
      }
    }
    prove(w, act, businessId, { takenOut: made.length })
  })
}

/** The audit row that the uses recorded in this transaction name as their proof. */
function prove(
  w: WriteDb,
  { actor, door, procedure, now }: Act,
  businessId: string | null,
  details: Record<string, number>,
): void {
  appendAudit(w, { at: now, actor, door, procedure, businessId, outcome: 'done', details })
}

/** What leaves, of which business, and who could read it. */
function exportFacts({ items, assertBusiness }: TransferDeps, db: ReadDb, input: Parsed<'secrets.export'>): CommandFacts {
  const { businessId, format } = input
  if (businessId !== undefined) assertBusiness(db, businessId)
  const count = items.count(db, businessId)
  return {
    businessId: businessId ?? null,
    what:
      format === 'plain'
        ? 'Write secrets to a file that anybody can read who gets it'
        : 'Write secrets to a file that opens with its own passphrase alone',
    amount: null,
    payee: null,
    before: {},
    after: {
      Items: String(count.items),
      Sensitive: String(count.sensitive),
      Format: format,
      Of: businessId === undefined ? 'every business and the vault' : 'this business',
    },
    undo: 'no',
    sensitive: count.sensitive > 0,
  }
}

async function exportSecrets(
  deps: TransferDeps,
  context: TaskContext,
  { businessId, format, passphrase }: Parsed<'secrets.export'>,
): Promise<Output<'secrets.export'>> {
  const { database, now } = context
  const db = database.read
  deps.stepUp.require(context.actor.name)
  if (businessId !== undefined) deps.assertBusiness(db, businessId)
  if (format === 'encrypted') checkPassphrase(passphrase)
  const ids = deps.items.ids(db, businessId)
  const { plain, left } = await collect(deps.items, db, ids)
  const content = format === 'encrypted' ? await sealExport(plain, passphrase ?? '') : plain
  if (format === 'encrypted') plain.fill(0)
  const fileName = `secrets-${new Date(now).toISOString().slice(0, 10)}${format === 'encrypted' ? '-encrypted' : ''}.json`
  const output = { saved: true, count: ids.length, left, fileName, base64: null }
  // Promise V11: what proves the export is committed before a value leaves.
  database.write((w) => {
    const act = actOf(context, 'secrets.export')
    for (const secretId of ids) deps.items.recordUse(w, { ...act, secretId, action: 'exported' })
    context.note({ format, count: ids.length })
    context.settle(w, output)
  })
  context.changed('secrets')
  try {
    if (context.door !== 'window' || deps.dialogs === null) return { ...output, base64: content.toString('base64') }
    return { ...output, saved: await deps.dialogs.save(fileName, [content]) }
  } finally {
    content.fill(0)
  }
}

function checkPassphrase(passphrase: string | undefined): void {
  if (passphrase === undefined)
    throw new AppError('invalid_input', 'Nothing was exported: an encrypted export needs a passphrase of its own.')
  const strength = passphraseStrength(passphrase)
  if (!strength.acceptable) {
    throw new AppError('invalid_input', `Nothing was exported: the passphrase is too weak. ${strength.advice.join(' ')}`)
  }
}

/** The items as they are written, and in sentences which of their files are not. */
async function collect(
  items: Items,
  db: ReadDb,
  ids: readonly string[],
): Promise<{ readonly plain: Buffer; readonly left: string[] }> {
  const collected: PlainItem[] = []
  const left: string[] = []
  let room = mostFileBytes
  for (const id of ids) {
    const { kind, title, tags, sensitive, rotateEveryDays } = items.head(db, id)
    const open = items.readFields(db, id)
    const fields = open.map(({ name, type, value }) => ({ name, type, value: value.toString('utf8') }))
    wipeFields(open)
    const files: PlainItem['files'] = []
    for (const row of attachmentsOf(db, id)) {
      if (row.bytes > room) {
        left.push(`The file "${row.name}" of "${title}": an export holds 16 MiB of files. Save it by itself.`)
        continue
      }
      room -= row.bytes
      const content = attachmentContent(db, items, row)
      files.push({ name: row.name, mediaType: row.mediaType, base64: content.toString('base64') })
      content.fill(0)
      await giveWay()
    }
    collected.push({ kind, title, tags: [...tags], sensitive, rotateEveryDays, fields, files })
    if (collected.length % 50 === 0) await giveWay()
  }
  return { plain: writePlain(collected), left }
}
