import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { insertBusiness } from '../../electron/core/businesses/businesses.repository'
import { getBusiness } from '../../electron/core/businesses/index'
import { openDriver } from '../../electron/core/db/driver'
import { openDatabase } from '../../electron/core/db/index'
import { openChart } from '../../electron/core/ledger/index'

export const peerBusiness = 'biz_peer'

/**
 * A new encrypted database with the app's own schema and settings and one business with its chart of accounts, as a bare connection: what
 * a peer may use that has no app around it.
 */
export function openRealSchema(folder: string): BetterSqlite3.Database {
  const file = join(folder, 'peer.db')
  const key = new Uint8Array(randomBytes(32))
  const database = openDatabase({ file, key, create: true, now: () => Date.now() })
  database.write((w) => {
    insertBusiness(w, {
      id: peerBusiness,
      name: 'Peer',
      currency: 'USD',
      country: 'US',
      timeZone: 'UTC',
      mode: null,
      createdAt: Date.now(),
    })
    openChart(w, getBusiness(w, peerBusiness))
  })
  database.close()
  return openDriver(file, key, 'existing')
}
