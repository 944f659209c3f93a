import { fold } from '../../../shared/domain/fold'
import type { ReadDb } from '../db'
import { type SecretItems, wipeFields } from '../secrets/index'
import type { FittedItem } from './fitItem'

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

/** The items of a business by folded title, for finding what is here already. */
export function titlesOf(r: ReadDb, items: SecretItems, businessId: string | null): Map<string, string[]> {
  const byTitle = new Map<string, string[]>()
  for (const id of items.ids(r, businessId)) {
    const title = fold(items.summary(r, id).title)
    byTitle.set(title, [...(byTitle.get(title) ?? []), id])
  }
  return byTitle
}

/**
 * Whether an item is here: `same` when one of its title holds equal values, `changed` when one of its title and shown fields holds other
 * hidden ones, else `new`.
 */
export function importState(r: ReadDb, items: SecretItems, titles: ReadonlyMap<string, string[]>, item: FittedItem): ImportState {
  let state: ImportState = 'new'
  for (const id of titles.get(fold(item.title)) ?? []) {
    const open = items.readFields(r, id)
    const fields = open.map(({ name, type, value }) => ({ name, type, value: value.toString('utf8') }))
    wipeFields(open)
    if (contentOf(fields) === contentOf(item.fields)) return 'same'
    if (identityOf(fields) === identityOf(item.fields)) state = 'changed'
  }
  return state
}
