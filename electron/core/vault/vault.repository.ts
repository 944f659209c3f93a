import type { VaultSecurity } from '../../../shared/contract/vault'
import { type ReadDb, sql, type WriteDb } from '../db'

/** What goes on while the vault is locked, and after how many idle minutes it locks. */
export type VaultSettings = Pick<VaultSecurity, 'whileLocked' | 'idleMinutes'>

export function readSettings(r: ReadDb): VaultSettings {
  const row = r.get<VaultSettings>(sql`SELECT while_locked AS whileLocked, idle_minutes AS idleMinutes FROM vault_setting`)
  if (row === undefined) throw new Error('The settings of the vault have lost their row')
  return row
}

export function writeSettings(w: WriteDb, { whileLocked, idleMinutes }: VaultSettings): void {
  w.run(sql`UPDATE vault_setting SET while_locked = ${whileLocked}, idle_minutes = ${idleMinutes}`)
}

/** @param now UTC epoch milliseconds */
export function noteFactorUse(w: WriteDb, factorId: string, now: number): void {
  w.run(sql`INSERT INTO factor_use (factor_id, last_used_at) VALUES (${factorId}, ${now})
    ON CONFLICT (factor_id) DO UPDATE SET last_used_at = excluded.last_used_at`)
}

/** When each factor was last used, by its id. */
export function factorUses(r: ReadDb): ReadonlyMap<string, number> {
  const rows = r.all<{ id: string; at: number }>(sql`SELECT factor_id AS id, last_used_at AS at FROM factor_use`)
  return new Map(rows.map(({ id, at }) => [id, at]))
}

export interface CodeGenerator {
  readonly id: string
  readonly label: string
  /** Its secret, sealed under the records key. */
  readonly sealed: Buffer
  readonly createdAt: number
  readonly confirmedAt: number | null
  /** Number of the last time step whose code was taken; 0 before the first. */
  readonly lastStep: number
}

const columns = sql`id, label, sealed, created_at AS createdAt, confirmed_at AS confirmedAt, last_step AS lastStep`

/** At most one that is confirmed and one that waits for its first code, the older first. */
export function codeGenerators(r: ReadDb): CodeGenerator[] {
  return r.all<CodeGenerator>(sql`SELECT ${columns} FROM code_generator ORDER BY created_at, id`)
}

/** A generator in the making; one that was never confirmed makes room for it. */
export function insertCodeGenerator(w: WriteDb, made: Pick<CodeGenerator, 'id' | 'label' | 'sealed' | 'createdAt'>): void {
  w.run(sql`DELETE FROM code_generator WHERE confirmed_at IS NULL`)
  w.run(sql`INSERT INTO code_generator (id, label, sealed, created_at, last_step)
    VALUES (${made.id}, ${made.label}, ${made.sealed}, ${made.createdAt}, 0)`)
}

/** Takes the code of a time step; the same and earlier ones then no longer work. */
export function takeStep(w: WriteDb, id: string, step: number): void {
  w.run(sql`UPDATE code_generator SET last_step = ${step} WHERE id = ${id}`)
}

/** A generator of before is replaced by the one that is confirmed now. */
export function confirmCodeGenerator(w: WriteDb, id: string, now: number): void {
  w.run(sql`DELETE FROM code_generator WHERE confirmed_at IS NOT NULL`)
  w.run(sql`UPDATE code_generator SET confirmed_at = ${now} WHERE id = ${id}`)
}

/** @returns whether there was one */
export function deleteCodeGenerator(w: WriteDb, id: string): boolean {
  return w.run(sql`DELETE FROM code_generator WHERE id = ${id}`).changes > 0
}
