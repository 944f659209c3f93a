import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SecretSummary } from '../../../shared/contract/secrets'
import { fold } from '../../../shared/domain/fold'
import type { ReadDb } from '../db'
import type { Actor } from '../dispatch/actor'
import { attachmentsOf, type SecretItems, wipeFields } from '../secrets/index'
import type { FittedItem } from './fitItem'

/** Items that are looked at in one go: well under 50 ms. */
const sliceItems = 200

export type ImportState = 'new' | 'same' | 'changed'

/** What of an item's shown fields tells it from others of its title: user names and addresses. */
function identityOf(fields: FittedItem['fields']): string {
  return fields
    .filter(({ type }) => type === 'text' || type === 'email' || type === 'url')
    .map(({ value }) => fold(value.trim()))
    .sort()
    .join('\n')
}

function contentOf(fields: FittedItem['fields']): string {
  return fields
    .map(({ value }) => value.trim())
    .filter((value) => value !== '')
    .sort()
    .join('\n')
}

/** Whether an item has every file of another, by name and length. */
function hasFiles(r: ReadDb, id: string, attachments: FittedItem['attachments']): boolean {
  const there = attachments.length === 0 ? [] : attachmentsOf(r, id)
  return attachments.every(({ name, content }) => there.some((file) => file.name === name && file.bytes === content.length))
}

/** The items of a business by folded title, for finding what is here already. Read in slices. */
export async function titlesOf(r: ReadDb, items: SecretItems, businessId: string | null): Promise<Map<string, string[]>> {
  const byTitle = new Map<string, string[]>()
  for (const [index, id] of items.ids(r, businessId).entries()) {
    if (index % sliceItems === 0) await nextTurn()
    const title = fold(items.summary(r, id, true).title)
    byTitle.set(title, [...(byTitle.get(title) ?? []), id])
  }
  return byTitle
}

/** Whether an actor may learn that a value of an item equals one of theirs: who may see it. Ten thousand guesses fit into one file. */
function mayCompare({ name, scopes }: Actor, { sensitive }: Pick<SecretSummary, 'sensitive'>): boolean {
  return scopes.has('vault:reveal') && (!sensitive || name === 'owner')
}

/**
 * Whether an item is here: `same` when one of its title holds equal values and its files, `changed` when one of its title and shown fields holds other
 * hidden ones, or may not be compared, else `new`.
 */
export function importState(
  r: ReadDb,
  items: SecretItems,
  titles: ReadonlyMap<string, string[]>,
  item: FittedItem,
  actor: Actor,
): ImportState {
  let state: ImportState = 'new'
  for (const id of titles.get(fold(item.title)) ?? []) {
    const open = items.readFields(r, id)
    const fields = open.map(({ name, type, value }) => ({ name, type, value: value.toString('utf8') }))
    wipeFields(open)
    const isEqual = contentOf(fields) === contentOf(item.fields) && hasFiles(r, id, item.attachments)
    if (isEqual && mayCompare(actor, items.summary(r, id))) return 'same'
    if (identityOf(fields) === identityOf(item.fields)) state = 'changed'
  }
  return state
}
