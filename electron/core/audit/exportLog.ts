import type { Parsed } from '../../../shared/contract/index'
import { csvLine } from '../../../shared/domain/csv'
import type { ReadDb } from '../db'
import { askAnchors } from './anchorCheck'
import type { Anchor } from './anchors'
import { headsAfter, lastHead, lastRow, type RowFilter, rowsBetweenOldestFirst } from './audit.repository'
import type { StoredRow } from './chain'
import type { SignedHead } from './heads'
import { proveRow } from './tree'

export type AuditExportFormat = Parsed<'audit.export'>['format']

export interface ExportOptions {
  readonly db: ReadDb
  readonly format: AuditExportFormat
  readonly filter: RowFilter
  /** Not secret: the log is verified with it. */
  readonly publicKey: Uint8Array
  readonly anchors: readonly Anchor[]
  /** UTC epoch milliseconds. */
  readonly now: number
}

const rowsPerChunk = 200
const headsPerRead = 500
/** Rows looked at in one go when a filter lets few through. */
const rowsPerRead = 2000

const csvColumns = ['seq', 'at', 'actor', 'door', 'procedure', 'business', 'outcome', 'details', 'prev', 'hash']

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function isWhole(filter: RowFilter): boolean {
  return Object.values(filter).every((value) => value === undefined)
}

/**
 * The log as text, oldest row first, in chunks that are read when they are asked for. Rows added after the first chunk are left out.
 * CSV is for people and spreadsheets. JSON lines are for `verifyAudit.mjs`: a line about the file, the signed heads of the log and of
 * every anchor, then the rows; a part of the log (a filter is given) carries for each row its proof to the last signed head (RFC 6962).
 */
export function exportLog(options: ExportOptions): {
  readonly fileName: string
  readonly mediaType: string
  readonly chunks: Iterable<string>
} {
  const day = new Date(options.now).toISOString().slice(0, 10)
  return options.format === 'csv'
    ? { fileName: `audit-${day}.csv`, mediaType: 'text/csv', chunks: csvChunks(options) }
    : { fileName: `audit-${day}.jsonl`, mediaType: 'application/x-ndjson', chunks: jsonChunks(options) }
}

function* csvChunks({ db, filter }: ExportOptions): Generator<string> {
  yield csvLine(csvColumns)
  for (const rows of pages(db, filter, lastRow(db)?.seq ?? 0)) yield rows.map(csvRow).join('')
}

function csvRow(row: StoredRow): string {
  const { seq, actor, door, procedure, businessId, outcome, details } = row
  const at = new Date(row.at).toISOString()
  return csvLine([String(seq), at, actor, door, procedure, businessId ?? '', outcome, details, hex(row.prevHash), hex(row.hash)])
}

function* jsonChunks({ db, filter, publicKey, anchors, now }: ExportOptions): Generator<string> {
  const last = lastRow(db)?.seq ?? 0
  const head = lastHead(db)
  const whole = isWhole(filter)
  const proofSize = whole ? 0 : (head?.size ?? 0)
  yield line({ type: 'log', format: 'countinghouse audit log 1', publicKey: hex(publicKey), exportedAt: now, whole })
  yield* headLines(db, head)
  for (const found of askAnchors(anchors).heads.values()) {
    for (const { anchor, head: kept } of found)
      yield line({ type: 'head', anchor: `the anchor "${anchor}"`, ...headFields(kept) })
  }
  let rows = 0
  for (const page of pages(db, filter, last)) {
    rows += page.length
    yield page.map((row) => jsonRow(db, row, proofSize)).join('')
  }
  yield line({ type: 'end', rows })
}

function* headLines(db: ReadDb, last: SignedHead | undefined): Generator<string> {
  for (let size = 0; size < (last?.size ?? 0); ) {
    const heads = headsAfter(db, size, headsPerRead)
    yield heads.map((head) => line({ type: 'head', ...headFields(head) })).join('')
    size = heads.at(-1)?.size ?? Number.POSITIVE_INFINITY
  }
}

function headFields({ size, root, at, signature }: SignedHead) {
  return { size, root: hex(root), at, signature: Buffer.from(signature).toString('base64') }
}

/** The members that are hashed, as `rowData` writes them, and what stands beside them. */
function jsonRow(db: ReadDb, row: StoredRow, proofSize: number): string {
  const { seq, at, actor, door, procedure, businessId, outcome, details, prevHash, hash } = row
  const hashed = {
    actor,
    at,
    businessId,
    details: JSON.parse(details) as unknown,
    door,
    outcome,
    prev: hex(prevHash),
    procedure,
    seq,
  }
  const proof = seq <= proofSize ? { proof: proveRow(db, seq, proofSize).map(hex) } : {}
  return line({ type: 'row', ...hashed, hash: hex(hash), ...proof })
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

/** Pages of rows; an empty one where a stretch holds none that pass, so that who reads on can give way. */
function* pages(db: ReadDb, filter: RowFilter, last: number): Generator<StoredRow[]> {
  for (let above = 0; above < last; above += rowsPerRead) {
    const rows = rowsBetweenOldestFirst(db, filter, above, Math.min(above + rowsPerRead, last))
    if (rows.length === 0) yield []
    for (let i = 0; i < rows.length; i += rowsPerChunk) yield rows.slice(i, i + rowsPerChunk)
  }
}
