import { setImmediate } from 'node:timers/promises'
import type { Database, WriteDb } from '../db'
import type { RewrapTarget, SealedRow } from '../ports/rewrap'
import { EnvelopeError, open, seal } from './envelope'
import type { RecordsKeys } from './vault.session'

/** Longest turn of one transaction, in milliseconds. */
const longestTurn = 25

/** What a walk over all sealed values did. */
export interface Rewrapped {
  /** Values that stand under the new key now. */
  readonly records: number
  /** Values that open under neither key: they were damaged before, and are left as they are. */
  readonly unreadable: number
}

export interface RewrapDeps {
  readonly database: Database
  readonly vaultId: string
  readonly keys: RecordsKeys
  readonly targets: readonly RewrapTarget[]
  /** Rows of one transaction at most. */
  readonly rowsPerTurn?: number
  /** Ends the walk before its next transaction. */
  readonly signal?: AbortSignal
  /** Told after each transaction. */
  readonly onProgress?: (done: number, total: number) => void
  /** Told of each value inside its transaction, and of each commit; a throw stops as a crash would. */
  readonly reached?: (step: 'value' | 'commit') => void
}

/**
 * Seals every value that stands under the previous records key under the new one. In turns of one short transaction each; a value moves
 * from the one key to the other within its transaction, so a crash at any instant leaves each under exactly one of them, and the walk is
 * simply made again. What is sealed meanwhile is sealed under the new key.
 * @throws VaultError 'locked' when the vault is locked meanwhile; DatabaseError; the signal's reason
 */
export async function rewrapAll(deps: RewrapDeps): Promise<Rewrapped> {
  const { database, targets, signal, onProgress, reached } = deps
  const total = targets.reduce((sum, target) => sum + target.count(database.read), 0)
  let records = 0
  let unreadable = 0
  for (const target of targets) {
    let after: string | null = null
    for (;;) {
      signal?.throwIfAborted()
      const turn = database.write((w) => rewrapTurn(w, deps, target, after))
      reached?.('commit')
      records += turn.records
      unreadable += turn.unreadable
      if (turn.last === null) break
      after = turn.last
      onProgress?.(Math.min(total, records + unreadable), total)
      await setImmediate()
    }
  }
  onProgress?.(total, total)
  return { records, unreadable }
}

interface Turn extends Rewrapped {
  /** Cursor of the last row that was looked at; null when there were none. */
  readonly last: string | null
}

function rewrapTurn(w: WriteDb, deps: RewrapDeps, target: RewrapTarget, after: string | null): Turn {
  const endsAt = performance.now() + longestTurn
  let records = 0
  let unreadable = 0
  let last: string | null = null
  for (const row of target.next(w, after, deps.rowsPerTurn ?? 500)) {
    const found = openUnderEither(deps, row)
    if (found === 'unreadable') unreadable++
    else {
      if (found !== 'moved') moveToNewKey(w, deps, target, row, found)
      records++
    }
    deps.reached?.('value')
    last = row.cursor
    if (performance.now() > endsAt) break
  }
  return { records, unreadable, last }
}

function moveToNewKey(w: WriteDb, { keys, vaultId }: RewrapDeps, target: RewrapTarget, row: SealedRow, plaintext: Buffer): void {
  try {
    target.replace(w, row.cursor, seal(keys.recordsKey(), plaintext, { vault: vaultId, ...row.place }))
  } finally {
    plaintext.fill(0)
  }
}

/** @returns the plaintext of a value under the previous key, to be wiped; 'moved' for one under the new key */
function openUnderEither({ keys, vaultId }: RewrapDeps, { sealed, place }: SealedRow): Buffer | 'moved' | 'unreadable' {
  const context = { vault: vaultId, ...place }
  const previous = keys.previousRecordsKey()
  const plaintext = previous === null ? null : openOrNull(previous, sealed, context)
  if (plaintext !== null) return plaintext
  const moved = openOrNull(keys.recordsKey(), sealed, context)
  moved?.fill(0)
  return moved === null ? 'unreadable' : 'moved'
}

function openOrNull(...[key, sealed, context]: Parameters<typeof open>): Buffer | null {
  try {
    return open(key, sealed, context)
  } catch (error) {
    if (error instanceof EnvelopeError) return null
    throw error
  }
}
