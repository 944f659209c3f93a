import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { fileAnchor, HeadSigner, signingKey, verifyAudit, verifyingKey, verifyTail } from '../../electron/core/audit/index'
import { type Database, databaseFileName, openDatabase, type ReadDb, settleExchange, sql } from '../../electron/core/db/index'
import { recount } from '../../electron/core/ledger/index'
import { headerFileName, unlockVault, type VaultKeys } from '../../electron/core/vault/index'
import type { Ack } from './ack'
import { passphrase } from './app'

/** Keys of headers met so far: unlocking takes the better part of a second, and the header does not change under this load. */
const knownKeys = new Map<string, VaultKeys>()

async function keysOf(dir: string): Promise<VaultKeys> {
  const header = readFileSync(join(dir, headerFileName), 'utf8')
  const known = knownKeys.get(header)
  if (known) return known
  const keys = await unlockVault(dir, { passphrase })
  knownKeys.set(header, keys)
  return keys
}

function count(r: ReadDb, query: ReturnType<typeof sql>): number {
  return r.get<{ n: number }>(query)?.n ?? 0
}

function lostAck(r: ReadDb, ack: Ack): string | undefined {
  switch (ack.ack) {
    case 'invoice':
      return count(r, sql`SELECT count(*) AS n FROM invoice WHERE id = ${ack.id}`) === 1 ? undefined : `invoice ${ack.id}`
    case 'sent': {
      const row = r.get<{ status: string; number: string | null }>(sql`SELECT status, number FROM invoice WHERE id = ${ack.id}`)
      if (!row || row.status === 'draft' || row.number === null) return `sending of invoice ${ack.id}`
      return ack.number === null || row.number === ack.number ? undefined : `number ${ack.number} of invoice ${ack.id}`
    }
    case 'refund': {
      const row = r.get<{ amount: number; payment: string }>(
        sql`SELECT amount, payment_id AS payment FROM refund WHERE id = ${ack.id}`,
      )
      return row?.amount === ack.minor && row.payment === ack.paymentId ? undefined : `refund ${ack.id}`
    }
    case 'entry': {
      const entry = Number(ack.id.replace('je_', ''))
      const description = `Entry ${ack.externalId}`
      const same = sql`SELECT count(*) AS n FROM journal_entry WHERE id = ${entry} AND description = ${description}`
      return count(r, same) === 1 ? undefined : `entry ${ack.id}`
    }
    case 'import': {
      const ids = sql`SELECT value FROM json_each(${JSON.stringify(ack.externalIds)})`
      const source = sql`book_id IN (SELECT id FROM book) AND source_kind = 'import' AND source_id IN (${ids})`
      const lost = ack.externalIds.length - count(r, sql`SELECT count(*) AS n FROM journal_entry WHERE ${source}`)
      return lost === 0 ? undefined : `${lost} of ${ack.externalIds.length} imported entries (${ack.externalIds[0]} ...)`
    }
    case 'webhook':
      return count(r, sql`SELECT count(*) AS n FROM provider_event WHERE provider_event_id = ${ack.id}`) === 1
        ? undefined
        : `event ${ack.id}`
    case 'paid':
      return undefined
  }
}

function twice(r: ReadDb): string[] {
  const repeated = (what: string, query: ReturnType<typeof sql>): string[] =>
    r.all<{ what: string; n: number }>(query).map((row) => `${what} ${row.what} stands ${row.n} times`)
  return [
    ...repeated(
      'invoice number',
      sql`SELECT number AS what, count(*) AS n FROM invoice WHERE number IS NOT NULL GROUP BY business_id, number HAVING n > 1`,
    ),
    ...repeated(
      'source',
      sql`SELECT source_kind || ' ' || source_id AS what, count(*) AS n FROM journal_entry GROUP BY book_id, source_kind, source_id HAVING n > 1`,
    ),
    ...repeated(
      'manual entry',
      sql`SELECT description AS what, count(*) AS n FROM journal_entry WHERE description LIKE 'Entry %' GROUP BY description HAVING n > 1`,
    ),
    ...repeated(
      'event',
      sql`SELECT provider_event_id AS what, count(*) AS n FROM provider_event GROUP BY integration_id, provider_event_id HAVING n > 1`,
    ),
    ...repeated(
      'payment',
      sql`SELECT invoice_id AS what, count(*) AS n FROM payment WHERE invoice_id IN (SELECT id FROM invoice) GROUP BY invoice_id, provider_ref HAVING n > 1`,
    ),
  ]
}

function books(r: ReadDb): string[] {
  const problems: string[] = []
  const unbalanced = count(
    r,
    sql`SELECT count(*) AS n FROM (SELECT 1 FROM posting GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0)`,
  )
  if (unbalanced > 0) problems.push(`${unbalanced} entries do not balance`)
  const unsealed = count(
    r,
    sql`SELECT count(*) AS n FROM journal_entry AS e WHERE lines <> (SELECT count(*) FROM posting WHERE entry_id = e.id)`,
  )
  if (unsealed > 0) problems.push(`${unsealed} entries lack postings`)
  for (const { id } of r.all<{ id: string }>(sql`SELECT id FROM business`)) {
    const different = recount(r, id)
    if (different.length > 0) problems.push(`${different.length} kept sums differ from the postings`)
    const gaps = sql`SELECT coalesce(max(number_seq), 0) - count(number_seq) AS n FROM invoice WHERE business_id = ${id}`
    if (count(r, gaps) !== 0) problems.push('the invoice numbers have a gap')
  }
  return problems
}

async function auditLog(db: Database, dir: string, keys: VaultKeys): Promise<string[]> {
  const publicKey = verifyingKey(keys.publicKey)
  const anchors = [fileAnchor(join(dir, 'anchors'), keys.publicKey, 'data folder')]
  const options = { db: db.read, publicKey, anchors }
  const problems: string[] = []
  const tail = verifyTail(options)
  if (!tail.ok) problems.push(`false alarm of the check at start: ${tail.firstBad?.reason}`)
  const whole = await verifyAudit({ ...options, pause: async () => {} })
  if (!whole.ok) problems.push(`false tamper alarm: ${whole.firstBad?.reason}`)
  const signer = new HeadSigner({
    privateKey: signingKey(keys.audit),
    anchors,
    onProblem: (problem) =>
      problems.push(`the signer stops: ${problem.kind === 'tampered' ? problem.finding.reason : problem.error.message}`),
  })
  signer.signNow(db, Date.now())
  return problems
}

/** The practice provider's own file must have survived too: it answers for what it acknowledged. */
function provider(dir: string): string[] {
  const file = join(dir, 'practice-stripe.db')
  if (!existsSync(file)) return ['the practice provider lost its file']
  if (!existsSync(join(dir, 'practice.ready'))) return ['the next start would sweep the practice world away']
  const driver = new BetterSqlite3(file)
  try {
    const answer = driver.pragma('integrity_check', { simple: true })
    return answer === 'ok' ? [] : [`the practice provider's file is damaged: ${String(answer)}`]
  } finally {
    driver.close()
  }
}

/** What was found wrong in a folder; empty when all is well. */
export interface Findings {
  readonly lost: string[]
  readonly broken: string[]
}

/**
 * Opens a data folder with the real vault and database code, as a start does, and holds it against what clients were told.
 * @param acks what was acknowledged before the fault
 */
export async function checkFolder(dir: string, acks: readonly Ack[]): Promise<Findings> {
  let db: Database | undefined
  try {
    const keys = await keysOf(dir)
    const file = join(dir, databaseFileName)
    settleExchange(file, keys.database, keys.nextDatabase !== null)
    db = openDatabase({ file, key: keys.database, now: Date.now })
    const { read } = db
    const integrity = read.all<{ integrity_check: string }>(sql`PRAGMA integrity_check`)
    const broken = integrity.filter((row) => row.integrity_check !== 'ok').map((row) => `integrity_check: ${row.integrity_check}`)
    const orphans = read.all(sql`PRAGMA foreign_key_check`).length
    if (orphans > 0) broken.push(`${orphans} rows point nowhere`)
    broken.push(...twice(read), ...books(read), ...(await auditLog(db, dir, keys)), ...provider(dir))
    return { lost: acks.map((ack) => lostAck(read, ack)).filter((lost) => lost !== undefined), broken }
  } catch (error) {
    return { lost: [], broken: [`the folder does not open: ${error instanceof Error ? error.message : String(error)}`] }
  } finally {
    db?.close()
  }
}
