// What the engine alone does: the app's own statements on its own schema, fed from ready objects in one process with nothing around them.
import type BetterSqlite3 from 'better-sqlite3'
import { monthNumber } from '../../electron/core/ledger/balances'
import { insertPostingText } from '../../electron/core/ledger/entries.repository'
import { insertEntryText } from '../../electron/core/ledger/import/staging'
import type { ImportLine } from '../../shared/contract/ledger'
import { answerParent, childArgs } from '../support/child'
import { accountNames, journal } from '../support/journal'
import { openRealSchema } from '../support/realSchema'

export type PeerArgs =
  | { readonly kind: 'import'; readonly folder: string; readonly entries: number; readonly perCommit: number }
  | { readonly kind: 'commits'; readonly folder: string; readonly milliseconds: number }
export interface PeerAnswer {
  /** Entries or commits a second. */
  readonly rate: number
  /** CPU time of the process over the time measured. */
  readonly cpuMs: number
  readonly wallMs: number
}

const putBalance = `
  INSERT INTO balance (book_id, account_id, currency, month, import_id, minor) VALUES (1, ?, ?, ?, 1, ?)
  ON CONFLICT (book_id, account_id, currency, month, import_id) DO UPDATE SET minor = minor + excluded.minor`
const putTotal = `
  INSERT INTO account_total (book_id, account_id, currency, import_id, minor) VALUES (1, ?, ?, 1, ?)
  ON CONFLICT (book_id, account_id, currency, import_id) DO UPDATE SET minor = minor + excluded.minor`
const putCount = 'INSERT INTO entry_day (book_id, occurred_on, import_id, entries, unvalued) VALUES (1, ?, 1, ?, ?)'
const putTurnover = 'INSERT INTO turnover (book_id, currency, import_id, debit_minor) VALUES (1, ?, 1, ?)'

/** Adds up only the time spent inside `measure`. */
class StopWatch {
  wallMs = 0
  cpuMs = 0

  measure(work: () => void): void {
    const start = performance.now()
    const cpu = process.cpuUsage()
    work()
    const used = process.cpuUsage(cpu)
    this.wallMs += performance.now() - start
    this.cpuMs += (used.user + used.system) / 1000
  }
}

function importPeer(driver: BetterSqlite3.Database, entries: number, perCommit: number, watch: StopWatch): void {
  const accounts = new Map<string, number>()
  const putAccount = driver.prepare('INSERT INTO account (book_id, name, type, created_at) VALUES (1, ?, ?, 0)')
  for (const name of accountNames) accounts.set(name, Number(putAccount.run(name, name.split(':', 1)[0]).lastInsertRowid))
  driver.exec(`INSERT INTO import (id, book_id, status, first_entry, first_on, imported, skipped, started_at, tidied)
    VALUES (1, 1, 'staging', 1, '0001-01-01', 0, 0, 0, 0)`)

  const insertEntry = driver.prepare(insertEntryText)
  const insertPosting = driver.prepare(insertPostingText)
  const balances = new Map<string, { account: number; currency: string; month: number; minor: number }>()
  const counts = new Map<string, { entries: number; unvalued: number }>()
  const debits = new Map<string, number>()
  const insert = driver.transaction((batch: readonly ImportLine[]) => {
    for (const { externalId, occurredOn, description, postings } of batch) {
      const valued = postings.every(({ currency }) => currency === 'USD') ? 1 : 0
      const { lastInsertRowid } = insertEntry.run(1, occurredOn, description, externalId, postings.length, valued, 0, 1)
      const month = monthNumber(occurredOn)
      let line = 0
      for (const { account, currency, minor } of postings) {
        line += 1
        const id = accounts.get(account) ?? 0
        const base = currency === 'USD' ? minor : null
        insertPosting.run(lastInsertRowid, line, postings.length, 1, id, currency, minor, base, null, occurredOn, 1)
        const key = `${id} ${currency}${month}`
        const sum = balances.get(key)
        if (sum) sum.minor += minor
        else balances.set(key, { account: id, currency, month, minor })
        if (minor > 0) debits.set(currency, (debits.get(currency) ?? 0) + minor)
      }
      const count = counts.get(occurredOn) ?? { entries: 0, unvalued: 0 }
      count.entries += 1
      count.unvalued += 1 - valued
      counts.set(occurredOn, count)
    }
  })
  const publish = driver.transaction(() => {
    const balance = driver.prepare(putBalance)
    const total = driver.prepare(putTotal)
    for (const { account, currency, month, minor } of balances.values()) {
      balance.run(account, currency, month, minor)
      total.run(account, currency, minor)
    }
    const count = driver.prepare(putCount)
    for (const [occurredOn, { entries: all, unvalued }] of counts) count.run(occurredOn, all, unvalued)
    const turnover = driver.prepare(putTurnover)
    for (const [currency, minor] of debits) turnover.run(currency, minor)
    driver.prepare(`UPDATE import SET status = 'published', imported = ?, sha256 = zeroblob(32) WHERE id = 1`).run(entries)
  })

  let batch: ImportLine[] = []
  for (const entry of journal(entries)) {
    batch.push(entry)
    if (batch.length < perCommit) continue
    watch.measure(() => insert.immediate(batch))
    batch = []
  }
  watch.measure(() => {
    insert.immediate(batch)
    publish.immediate()
  })
}

/** One event row a commit, each flushed to the disk before the next. @returns how many */
function commitPeer(driver: BetterSqlite3.Database, milliseconds: number, watch: StopWatch): number {
  driver.exec(`INSERT INTO integration (id, business_id, provider, mode, account_ref, path_token, connected_at, disconnected_at, cursor_at, complete_since)
    VALUES ('int_peer', 'biz_peer', 'stripe', 'test', 'acct', '${'x'.repeat(22)}', 0, 1, 0, 0)`)
  const insert =
    driver.prepare(`INSERT INTO provider_event (id, business_id, integration_id, provider_event_id, type, object_kind,
    object_id, occurred_at, received_at, via, status, next_at, problem)
    VALUES (?, 'biz_peer', 'int_peer', ?, 'invoice.updated', 'invoice', ?, ?, ?, 'webhook', 'pending', ?, NULL)
    ON CONFLICT (integration_id, provider_event_id) DO NOTHING`)
  const one = driver.transaction((n: number) => {
    const now = Date.now()
    insert.run(`evt_peer${n}`, `evt_peer_of_the_provider_${n}`, `in_${n % 50}`, now, now, now)
  })
  let commits = 0
  watch.measure(() => {
    const end = performance.now() + milliseconds
    while (performance.now() < end) one.immediate(++commits)
  })
  return commits
}

const args = childArgs<PeerArgs>()
const driver = openRealSchema(args.folder)
const watch = new StopWatch()
let units = 0
if (args.kind === 'import') {
  importPeer(driver, args.entries, args.perCommit, watch)
  units = args.entries
} else units = commitPeer(driver, args.milliseconds, watch)
driver.close()
answerParent({ rate: (units / watch.wallMs) * 1000, cpuMs: watch.cpuMs, wallMs: watch.wallMs } satisfies PeerAnswer)
