import { invalid, parametersExclusive, resourceMissing } from '../http/errors'
import type { Range } from '../http/params'
import type { Bind, Connection } from './database'

/** Stripe's list object. */
export interface ListBody {
  object: 'list'
  url: string
  has_more: boolean
  data: unknown[]
}

export interface PageParams {
  limit?: number | undefined
  starting_after?: string | undefined
  ending_before?: string | undefined
}

/** Conditions on columns, joined by AND. `undefined` values are left out. */
export interface Filter {
  equal?: Record<string, string | undefined>
  oneOf?: Record<string, readonly string[] | undefined>
  created?: Range | undefined
}

/**
 * One page of a table, newest first, by cursor (docs.stripe.com/api/pagination).
 * @param noun what an unknown cursor is called in the error
 * @throws ApiError 400 for two cursors or one that does not exist
 */
export function listPage(
  connection: Connection,
  table: 'object' | 'event',
  url: string,
  noun: string,
  filter: Filter,
  page: PageParams,
): ListBody {
  if (page.starting_after !== undefined && page.ending_before !== undefined)
    throw parametersExclusive(['starting_after', 'ending_before'])
  const where: string[] = []
  const binds: Bind[] = []
  const add = (sql: string, ...values: Bind[]): void => {
    where.push(sql)
    binds.push(...values)
  }
  for (const [column, value] of Object.entries(filter.equal ?? {})) if (value !== undefined) add(`${column} = ?`, value)
  for (const [column, values] of Object.entries(filter.oneOf ?? {})) {
    if (values !== undefined) add(`${column} IN (${values.map(() => '?').join(', ')})`, ...values)
  }
  const { gt, gte, lt, lte } = filter.created ?? {}
  if (gt !== undefined) add('created > ?', gt)
  if (gte !== undefined) add('created >= ?', gte)
  if (lt !== undefined) add('created < ?', lt)
  if (lte !== undefined) add('created <= ?', lte)
  const backwards = page.ending_before !== undefined
  const cursor = page.starting_after ?? page.ending_before
  if (cursor !== undefined) {
    const type = table === 'object' ? filter.equal?.type : undefined
    const row = connection.one(
      `SELECT created, seq FROM ${table} WHERE id = ?${type === undefined ? '' : ' AND type = ?'}`,
      cursor,
      ...(type === undefined ? [] : [type]),
    )
    if (row === undefined) throw resourceMissing(noun, cursor, backwards ? 'ending_before' : 'starting_after')
    add(`(created, seq) ${backwards ? '>' : '<'} (?, ?)`, row.created ?? 0, row.seq ?? 0)
  }
  const limit = page.limit ?? 10
  const order = backwards ? 'created, seq' : 'created DESC, seq DESC'
  const rows = connection.all(
    `SELECT doc FROM ${table}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`} ORDER BY ${order} LIMIT ?`,
    ...binds,
    limit + 1,
  )
  const data = rows.slice(0, limit).map((row): unknown => JSON.parse(String(row.doc)))
  if (backwards) data.reverse()
  return { object: 'list', url, has_more: rows.length > limit, data }
}

/** One page of an array that is already in order (lines of an invoice). @throws ApiError as `listPage` */
export function arrayPage(items: readonly { id: string }[], url: string, noun: string, page: PageParams): ListBody {
  if (page.starting_after !== undefined && page.ending_before !== undefined)
    throw parametersExclusive(['starting_after', 'ending_before'])
  const limit = page.limit ?? 10
  const at = (id: string, param: string): number => {
    const index = items.findIndex((item) => item.id === id)
    if (index === -1) throw invalid(`No such ${noun}: '${id}'`, { code: 'resource_missing', param })
    return index
  }
  if (page.ending_before !== undefined) {
    const end = at(page.ending_before, 'ending_before')
    const start = Math.max(0, end - limit)
    return { object: 'list', url, has_more: start > 0, data: items.slice(start, end) }
  }
  const start = page.starting_after === undefined ? 0 : at(page.starting_after, 'starting_after') + 1
  return { object: 'list', url, has_more: start + limit < items.length, data: items.slice(start, start + limit) }
}
