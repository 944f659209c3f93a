import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appendAudit, HeadSigner, signingKey } from '../audit/index'
import { getBusiness } from '../businesses/index'
import { type Database, databaseFileName, openDatabase, sql, type WriteDb } from '../db'
import { openChart, post } from '../ledger/index'
import { createVault, floorCost, type VaultKeys } from '../vault/index'
import { Backups, type BackupsDeps } from './backups'
import type { JobName } from './jobs'
import { thisThread, type Workbench } from './workbench'

export const passphrase = 'seven quiet herons over the mill pond'
export const businessId = 'biz_one'

export interface TestVault {
  /** Folder that holds the data folder, and what is restored beside it. */
  readonly home: string
  readonly dir: string
  readonly keys: VaultKeys
  readonly database: Database
  readonly backups: Backups
  readonly notices: string[]
  readonly progress: number[]
  /** UTC epoch milliseconds; tests move it. */
  now: number
  /** Posts entries and writes audit rows, each in its own transaction. */
  work(entries: number): void
  /** As `work`, all in one transaction: for many. */
  workInOne(entries: number): void
  /** Another face of the same vault, as after a restart. */
  open(changes?: Partial<BackupsDeps>): Backups
  cleanup(): void
}

/** A real vault with a header, one business and its books, in a folder of its own. For tests only. */
export async function openTestVault(changes: Partial<BackupsDeps> = {}): Promise<TestVault> {
  const home = mkdtempSync(join(tmpdir(), 'countinghouse-backups-'))
  const dir = join(home, 'data')
  mkdirSync(dir, { mode: 0o700 })
  const file = join(dir, databaseFileName)
  let now = Date.UTC(2026, 2, 10, 12)
  const open = (key: Uint8Array, create: boolean) => openDatabase({ file, key, create, now: () => now })
  const initialise = (fresh: VaultKeys) => open(fresh.database, true).close()
  const keys = await createVault(dir, passphrase, { world: 'live', kdf: floorCost, now, initialise })
  const database = open(keys.database, false)
  database.write((w) => {
    w.run(sql`INSERT INTO business (id, name, currency, country, time_zone, created_at)
      VALUES (${businessId}, 'Test', 'USD', 'DE', 'Europe/Berlin', ${now})`)
    openChart(w, getBusiness(w, businessId))
    w.run(sql`INSERT INTO secret
      (id, business_id, kind, title, sort_title, words, tags, hosts, sensitive, version, created_at, updated_at, values_changed_at)
      VALUES ('sec_1', ${businessId}, 'note', 'A note', 'a note', 'a note', '[]', '[]', 0, 1, ${now}, ${now}, ${now})`)
    w.run(sql`INSERT INTO secret_version (secret_id, version, at, actor, title, changed, sealed_key)
      VALUES ('sec_1', 1, ${now}, 'owner', 'A note', '[]', ${randomBytes(61)})`)
    w.run(sql`INSERT INTO secret_field (secret_id, version, name, position, type, sealed)
      VALUES ('sec_1', 1, 'text', 0, 'text', ${randomBytes(60)})`)
  })
  const signer = new HeadSigner({ privateKey: signingKey(keys.audit), anchors: [], onProblem: () => undefined })
  const notices: string[] = []
  const progress: number[] = []
  const deps: BackupsDeps = {
    dataDir: dir,
    world: 'live',
    appVersion: '1.0.0',
    database,
    keys: () => keys,
    workbench: thisThread,
    clock: { now: () => now },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    notifier: { notify: ({ title }) => void notices.push(title) },
    sign: () => void signer.signNow(database, now),
    onProgress: (_, done) => void progress.push(done),
    ...changes,
  }
  let count = 0
  const step = (w: WriteDb): void => {
    count += 1
    const amount = { minor: 100 + count, currency: 'USD' }
    const postings = [
      { account: 'assets:bank', amount },
      { account: 'income:services', amount: { ...amount, minor: -amount.minor } },
    ]
    const source = { kind: 'manual', id: `test_${count}` } as const
    post(w, { businessId, occurredOn: '2026-03-10', description: `Entry ${count}`, source, postings, now })
    const procedure = 'ledger.post'
    appendAudit(w, { at: now, actor: 'owner', door: 'api', procedure, businessId, outcome: 'done', details: { count } })
  }
  return {
    home,
    dir,
    keys,
    database,
    backups: new Backups(deps),
    notices,
    progress,
    get now() {
      return now
    },
    set now(at) {
      now = at
    },
    work(entries) {
      for (let n = 0; n < entries; n++) database.write(step)
    },
    workInOne(entries) {
      database.write((w) => {
        for (let n = 0; n < entries; n++) step(w)
      })
    },
    open: (more = {}) => new Backups({ ...deps, ...more }),
    cleanup() {
      database.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Lets a test meddle between a job and its caller; a throw there is the job's failure. */
export function meddling(after: (name: JobName, input: object) => void): Workbench {
  return {
    ...thisThread,
    run: (name, input, onProgress) =>
      thisThread.run(name, input, onProgress).then((output) => {
        after(name, input)
        return output
      }),
  }
}
