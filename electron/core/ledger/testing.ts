import type { Business } from '../../../shared/contract/businesses'
import { getBusiness } from '../businesses'
import { type Database, sql } from '../db'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import { openChart } from './chartOfAccounts'
import { post } from './posting'

export const testNow = Date.UTC(2026, 0, 15, 12)

export interface TestBooks {
  readonly test: TestDatabase
  readonly businessId: string
  /** Another business in the same vault. */
  readonly otherId: string
  /** Posts a manual entry of one currency from one account to another. @returns its number */
  transfer(entry: Transfer): number
  cleanup(): void
}

export interface Transfer {
  readonly on?: string
  readonly to?: string
  readonly from?: string
  readonly minor?: number
  readonly currency?: string
  readonly businessId?: string
  readonly description?: string
}

function addBusiness(db: Database, id: string, currency: string): Business {
  return db.write((w) => {
    w.run(sql`
      INSERT INTO business (id, name, currency, country, time_zone, created_at)
      VALUES (${id}, 'Test', ${currency}, 'DE', 'Europe/Berlin', ${testNow})`)
    const business = getBusiness(w, id)
    openChart(w, business)
    return business
  })
}

/** A vault with two businesses and their charts of accounts. For tests only. */
export function openTestBooks(currency = 'USD'): TestBooks {
  const test = openTestDatabase()
  const businessId = addBusiness(test.db, 'biz_one', currency).id
  const otherId = addBusiness(test.db, 'biz_two', 'EUR').id
  let count = 0
  return {
    test,
    businessId,
    otherId,
    transfer(entry) {
      const { on = '2026-01-10', to = 'assets:bank', from = 'income:services', minor = 10_000, currency: code = currency } = entry
      count += 1
      return test.db.write((w) =>
        post(w, {
          businessId: entry.businessId ?? businessId,
          occurredOn: on,
          description: entry.description ?? `Entry ${count}`,
          source: { kind: 'manual', id: `test_${count}` },
          postings: [
            { account: to, amount: { minor, currency: code } },
            { account: from, amount: { minor: -minor, currency: code } },
          ],
          now: testNow,
        }),
      )
    },
    cleanup: () => test.cleanup(),
  }
}
