import type { Business } from '../../../shared/contract/businesses'
import { AppError } from '../../../shared/errors'
import { type ReadDb, sql, type WriteDb } from '../db'
import { freePrefix } from './invoicePrefix'

interface BusinessRow {
  readonly id: string
  readonly name: string
  readonly currency: string
  readonly country: string
  readonly timeZone: string
  readonly mode: Business['mode']
  readonly invoicePrefix: string
  readonly createdAt: number
  readonly version: number
}

const columns = sql`id, name, currency, country, time_zone AS timeZone, mode, invoice_prefix AS invoicePrefix,
  created_at AS createdAt, version`

function toBusiness(row: BusinessRow): Business {
  return { ...row, practice: row.mode === 'practice' }
}

/** @throws AppError not_found */
export function getBusiness(r: ReadDb, id: string): Business {
  const row = r.get<BusinessRow>(sql`SELECT ${columns} FROM business WHERE id = ${id}`)
  if (!row) throw new AppError('not_found', 'There is no such business in this vault. Nothing was done.')
  return toBusiness(row)
}

/** Ids of all businesses of this vault. */
export function businessIds(r: ReadDb): string[] {
  return r.all<{ id: string }>(sql`SELECT id FROM business ORDER BY created_at, id`).map(({ id }) => id)
}

/** Businesses in the order of their making, after the one of the given sort key. */
export function listBusinesses(r: ReadDb, after: readonly [number, string] | null, limit: number): Business[] {
  const [createdAt, id] = after ?? [-1, '']
  return r
    .all<BusinessRow>(
      sql`SELECT ${columns} FROM business WHERE (created_at, id) > (${createdAt}, ${id}) ORDER BY created_at, id LIMIT ${limit}`,
    )
    .map(toBusiness)
}

export function insertBusiness(w: WriteDb, business: Omit<BusinessRow, 'invoicePrefix' | 'version'>): void {
  const { id, name, currency, country, timeZone, mode, createdAt } = business
  w.run(sql`
    INSERT INTO business (id, name, currency, country, time_zone, mode, created_at)
    VALUES (${id}, ${name}, ${currency}, ${country}, ${timeZone}, ${mode}, ${createdAt})`)
}

/** @returns false when the business has changed since `version` */
export function updateBusiness(
  w: WriteDb,
  id: string,
  version: number,
  { name, timeZone, invoicePrefix }: Pick<Business, 'name' | 'timeZone' | 'invoicePrefix'>,
): boolean {
  const { changes } = w.run(sql`
    UPDATE business SET name = ${name}, time_zone = ${timeZone}, invoice_prefix = ${invoicePrefix}, version = version + 1
    WHERE id = ${id} AND version = ${version}`)
  return changes === 1
}

/** What the invoice numbers of these businesses begin with. */
export function prefixesOf(r: ReadDb, ids: readonly string[]): ReadonlySet<string> {
  const rows = r.all<{ prefix: string }>(
    sql`SELECT invoice_prefix AS prefix FROM business WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  )
  return new Set(rows.map(({ prefix }) => prefix))
}

/**
 * Gives a business a prefix of its own among others that number invoices into the same account at the provider, which takes a number once.
 * Called before its first number is taken.
 * @returns the new prefix; null when the one it has is free
 */
export function separatePrefix(w: WriteDb, id: string, others: readonly string[]): string | null {
  const { invoicePrefix } = getBusiness(w, id)
  const free = freePrefix(invoicePrefix, prefixesOf(w, others))
  if (free === invoicePrefix) return null
  w.run(sql`UPDATE business SET invoice_prefix = ${free}, version = version + 1 WHERE id = ${id}`)
  return free
}

/**
 * Fixes for ever whether a business works with test, live or practice money; its first key decides.
 * @throws AppError wrong_world when it is another mode already; nothing was changed then
 */
export function fixMode(w: WriteDb, id: string, mode: NonNullable<Business['mode']>): void {
  const business = getBusiness(w, id)
  if (business.mode === mode) return
  if (business.mode !== null) {
    throw new AppError(
      'wrong_world',
      `This business works with ${business.mode} money for ever, and this key is for ${mode} money. Nothing was changed. Use a ${business.mode} key, or create another business.`,
    )
  }
  w.run(sql`UPDATE business SET mode = ${mode} WHERE id = ${id}`)
}
