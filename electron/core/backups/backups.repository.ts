import type { Backup, BackupSettings, Drill } from '../../../shared/contract/backups'
import { joinSql, type ReadDb, type SqlFragment, sql, type WriteDb } from '../db'

/** A backup as it is listed. */
export interface BackupRow {
  readonly id: string
  readonly fileName: string
  /** Folder that the owner chose; null: the one in the data folder. */
  readonly place: string | null
  /** UTC epoch milliseconds. */
  readonly createdAt: number
  readonly bytes: number
  readonly cause: Backup['cause']
  /** Stands for the bytes of its file. */
  readonly tag: Uint8Array
  /** Names the database key that it was made under. */
  readonly keyId: string
  readonly secrets: number
  readonly entries: number
  readonly auditRows: number
  readonly verifiedAt: number | null
  readonly problem: string | null
}

const columns = sql`id, file_name AS fileName, place, created_at AS createdAt, bytes, cause, tag, key_id AS keyId, secrets, entries,
  audit_rows AS auditRows, verified_at AS verifiedAt, problem`

export function insertBackup(w: WriteDb, row: BackupRow): void {
  w.run(sql`INSERT INTO backup
    (id, file_name, place, created_at, bytes, cause, tag, key_id, secrets, entries, audit_rows, verified_at, problem)
    VALUES (${row.id}, ${row.fileName}, ${row.place}, ${row.createdAt}, ${row.bytes}, ${row.cause}, ${row.tag}, ${row.keyId},
      ${row.secrets}, ${row.entries}, ${row.auditRows}, ${row.verifiedAt}, ${row.problem})`)
}

export function findBackup(r: ReadDb, id: string): BackupRow | undefined {
  return r.get<BackupRow>(sql`SELECT ${columns} FROM backup WHERE id = ${id}`)
}

/** Every backup, newest first. */
export function allBackups(r: ReadDb): BackupRow[] {
  return r.all<BackupRow>(sql`SELECT ${columns} FROM backup ORDER BY created_at DESC, id DESC`)
}

/** Backups behind a cursor, newest first. */
export function backupsAfter(r: ReadDb, after: readonly [number, string] | null, limit: number): BackupRow[] {
  const behind = after === null ? sql`` : sql`WHERE (created_at, id) < (${after[0]}, ${after[1]})`
  return r.all<BackupRow>(sql`SELECT ${columns} FROM backup ${behind} ORDER BY created_at DESC, id DESC LIMIT ${limit}`)
}

/** What a check came to: verified at an instant, or what is wrong; an earlier verification stays on record. */
export function recordCheck(w: WriteDb, id: string, verifiedAt: number | null, problem: string | null): void {
  w.run(sql`UPDATE backup SET verified_at = coalesce(${verifiedAt}, verified_at), problem = ${problem} WHERE id = ${id}`)
}

export function deleteBackup(w: WriteDb, id: string): void {
  w.run(sql`DELETE FROM backup WHERE id = ${id}`)
}

export function lastVerifiedAt(r: ReadDb): number | null {
  return r.get<{ at: number | null }>(sql`SELECT max(verified_at) AS at FROM backup WHERE problem IS NULL`)?.at ?? null
}

export interface StoredSettings extends Omit<BackupSettings, 'place'> {
  /** Path of the folder that the owner chose; null: the one in the data folder. */
  readonly place: string | null
  readonly lastProblem: string | null
}

export function readSettings(r: ReadDb): StoredSettings {
  const row = r.get<Omit<StoredSettings, 'on'> & { isOn: number }>(
    sql`SELECT is_on AS isOn, at, keep_daily AS keepDaily, keep_weekly AS keepWeekly, keep_monthly AS keepMonthly, place,
      last_problem AS lastProblem FROM backup_settings`,
  )
  if (row === undefined) throw new Error('The settings of backups are missing')
  const { isOn, ...rest } = row
  return { on: isOn === 1, ...rest }
}

export function changeSettings(
  w: WriteDb,
  change: { readonly [K in keyof StoredSettings]?: StoredSettings[K] | undefined },
): void {
  const set: SqlFragment[] = []
  if (change.on !== undefined) set.push(sql`is_on = ${change.on ? 1 : 0}`)
  if (change.at !== undefined) set.push(sql`at = ${change.at}`)
  if (change.keepDaily !== undefined) set.push(sql`keep_daily = ${change.keepDaily}`)
  if (change.keepWeekly !== undefined) set.push(sql`keep_weekly = ${change.keepWeekly}`)
  if (change.keepMonthly !== undefined) set.push(sql`keep_monthly = ${change.keepMonthly}`)
  if (change.place !== undefined) set.push(sql`place = ${change.place}`)
  if (change.lastProblem !== undefined) set.push(sql`last_problem = ${change.lastProblem}`)
  if (set.length > 0) w.run(sql`UPDATE backup_settings SET ${joinSql(set, ', ')}`)
}

export function insertDrill(w: WriteDb, drill: Drill): void {
  w.run(sql`INSERT OR REPLACE INTO drill (at, ok, backup_id, secrets, entries, audit_rows, milliseconds, problem)
    VALUES (${drill.at}, ${drill.ok ? 1 : 0}, ${drill.backupId}, ${drill.secrets}, ${drill.entries}, ${drill.auditRows},
      ${drill.milliseconds}, ${drill.problem})`)
}

export function lastDrill(r: ReadDb): Drill | null {
  const row = r.get<Omit<Drill, 'ok'> & { ok: number }>(
    sql`SELECT at, ok, backup_id AS backupId, secrets, entries, audit_rows AS auditRows, milliseconds, problem
      FROM drill ORDER BY at DESC LIMIT 1`,
  )
  return row === undefined ? null : { ...row, ok: row.ok === 1 }
}
