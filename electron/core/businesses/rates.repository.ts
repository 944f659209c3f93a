import type { Rate } from '../../../shared/contract/integrations'
import { type ReadDb, sql, type WriteDb } from '../db'

const columns = sql`business_id AS businessId, base, quote, on_date AS "on", rate`

/**
 * The latest stored rate of exactly this pair on or before a day.
 * @param stoodSince only one that the owner set, or that has stood since this instant (UTC epoch milliseconds); any when left out
 */
export function latestRate(
  r: ReadDb,
  businessId: string,
  base: string,
  quote: string,
  on: string,
  stoodSince = Number.MAX_SAFE_INTEGER,
): { on: string; rate: string } | undefined {
  return r.get(sql`
    SELECT on_date AS "on", rate FROM rate
    WHERE business_id = ${businessId} AND base = ${base} AND quote = ${quote} AND on_date <= ${on}
      AND (set_by = 'owner' OR set_at <= ${stoodSince})
    ORDER BY on_date DESC LIMIT 1`)
}

/** Stores a rate; one of the same pair and day is replaced. Postings keep the rate they were valued at. */
export function putRate(w: WriteDb, rate: Rate, { now, by }: { readonly now: number; readonly by: string }): void {
  w.run(sql`
    INSERT INTO rate (business_id, base, quote, on_date, rate, set_at, set_by)
    VALUES (${rate.businessId}, ${rate.base}, ${rate.quote}, ${rate.on}, ${rate.rate}, ${now}, ${by})
    ON CONFLICT (business_id, base, quote, on_date) DO UPDATE SET rate = excluded.rate, set_at = excluded.set_at, set_by = excluded.set_by`)
}

/** Rates newest first, then by pair; `after` is the sort key of the last row seen. */
export function listRates(r: ReadDb, businessId: string, after: readonly [string, string, string] | null, limit: number): Rate[] {
  const [on, base, quote] = after ?? ['9999', '', '']
  return r.all<Rate>(sql`
    SELECT ${columns} FROM rate
    WHERE business_id = ${businessId} AND (on_date < ${on} OR (on_date = ${on} AND (base, quote) > (${base}, ${quote})))
    ORDER BY on_date DESC, base, quote LIMIT ${limit}`)
}
