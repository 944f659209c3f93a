import { type ReadDb, sql, type WriteDb } from '../db'
import type { StoredRow } from './chain'
import type { SignedHead } from './heads'
import type { Hash } from './merkle'

const columns = sql`seq, at, actor, door, procedure, business_id AS businessId, outcome, details, prev_hash AS prevHash, hash`

export function lastRow(r: ReadDb): { seq: number; hash: Hash } | undefined {
  return r.get(sql`SELECT seq, hash FROM audit_row ORDER BY seq DESC LIMIT 1`)
}

const insertRowText = `INSERT INTO audit_row (seq, at, actor, door, procedure, business_id, outcome, details, prev_hash, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Runs once for every command of the app, hence without the cost of the `sql` tag; so does `insertSubject`. */
export function insertRow(w: WriteDb, row: StoredRow): void {
  const { seq, at, actor, door, procedure, businessId, outcome, details, prevHash, hash } = row
  w.prepare(insertRowText).run(seq, at, actor, door, procedure, businessId, outcome, details, prevHash, hash)
}

export function insertSubject(w: WriteDb, seq: number, subjectId: string): void {
  w.prepare('INSERT INTO audit_subject (subject_id, seq) VALUES (?, ?)').run(subjectId, seq)
}

/** Rows after `seq`, oldest first. */
export function rowsAfter(r: ReadDb, seq: number, limit: number): StoredRow[] {
  return r.all(sql`SELECT ${columns} FROM audit_row WHERE seq > ${seq} ORDER BY seq LIMIT ${limit}`)
}

/** Hashes of the rows `first` to `last`, both included, oldest first. */
export function hashesOf(r: ReadDb, first: number, last: number): { seq: number; hash: Hash }[] {
  return r.all(sql`SELECT seq, hash FROM audit_row WHERE seq BETWEEN ${first} AND ${last} ORDER BY seq`)
}

export function hashOf(r: ReadDb, seq: number): Hash | undefined {
  return r.get<{ hash: Hash }>(sql`SELECT hash FROM audit_row WHERE seq = ${seq}`)?.hash
}

/** Newest rows that mention an id. */
export function rowsOfSubject(r: ReadDb, subjectId: string, limit: number): StoredRow[] {
  return r.all(sql`SELECT ${columns} FROM audit_row WHERE seq IN
    (SELECT seq FROM audit_subject WHERE subject_id = ${subjectId} ORDER BY seq DESC LIMIT ${limit}) ORDER BY seq DESC`)
}

export interface RowFilter {
  readonly businessId?: string | undefined
  readonly procedure?: string | undefined
  readonly actor?: string | undefined
  /** Found in actor, procedure, outcome or details, whatever its case (ASCII). */
  readonly text?: string | undefined
  /** UTC epoch milliseconds; `to` is left out of the range. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

function passes(filter: RowFilter) {
  const { businessId = null, procedure = null, actor = null, text = null, from = null, to = null } = filter
  const pattern = text === null ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return sql`(${businessId} IS NULL OR business_id = ${businessId}) AND (${procedure} IS NULL OR procedure = ${procedure})
    AND (${actor} IS NULL OR actor = ${actor}) AND (${from} IS NULL OR at >= ${from}) AND (${to} IS NULL OR at < ${to})
    AND (${pattern} IS NULL OR actor || ' ' || procedure || ' ' || outcome || ' ' || details LIKE ${pattern} ESCAPE '\\')`
}

/** Rows with `above < seq < below` that pass the filter, newest first. */
export function rowsBetween(r: ReadDb, filter: RowFilter, above: number, below: number, limit: number): StoredRow[] {
  return r.all(sql`SELECT ${columns} FROM audit_row WHERE seq > ${above} AND seq < ${below} AND ${passes(filter)}
    ORDER BY seq DESC LIMIT ${limit}`)
}

/** Rows with `above < seq <= through` that pass the filter, oldest first. */
export function rowsBetweenOldestFirst(r: ReadDb, filter: RowFilter, above: number, through: number): StoredRow[] {
  return r.all(
    sql`SELECT ${columns} FROM audit_row WHERE seq > ${above} AND seq <= ${through} AND ${passes(filter)} ORDER BY seq`,
  )
}

export function nodeAt(r: ReadDb, level: number, position: number): Hash | undefined {
  return r.get<{ hash: Hash }>(sql`SELECT hash FROM audit_node WHERE level = ${level} AND position = ${position}`)?.hash
}

export function insertNode(w: WriteDb, level: number, position: number, hash: Hash): void {
  w.run(sql`INSERT INTO audit_node (level, position, hash) VALUES (${level}, ${position}, ${hash})`)
}

export function lastHead(r: ReadDb): SignedHead | undefined {
  return r.get(sql`SELECT size, root, at, signature FROM audit_head ORDER BY size DESC LIMIT 1`)
}

/** The last signed head that covers at most `size` rows. */
export function headUpTo(r: ReadDb, size: number): SignedHead | undefined {
  return r.get(sql`SELECT size, root, at, signature FROM audit_head WHERE size <= ${size} ORDER BY size DESC LIMIT 1`)
}

/** Signed heads that cover more than `size` rows, smallest first. */
export function headsAfter(r: ReadDb, size: number, limit: number): SignedHead[] {
  return r.all(sql`SELECT size, root, at, signature FROM audit_head WHERE size > ${size} ORDER BY size LIMIT ${limit}`)
}

export function countHeads(r: ReadDb): number {
  return r.all<{ n: number }>(sql`SELECT count(*) AS n FROM audit_head`).reduce((sum, { n }) => sum + n, 0)
}

export function insertHead(w: WriteDb, head: SignedHead): void {
  w.run(
    sql`INSERT INTO audit_head (size, root, at, signature) VALUES (${head.size}, ${head.root}, ${head.at}, ${head.signature})`,
  )
}
