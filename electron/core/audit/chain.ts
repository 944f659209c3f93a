import { canonicalJson } from './canonicalJson'
import { type Hash, leafHash } from './merkle'

/** An audit row as it is stored. */
export interface StoredRow {
  /** 1, 2, 3, ... without gaps. */
  readonly seq: number
  /** UTC epoch milliseconds. */
  readonly at: number
  readonly actor: string
  readonly door: string
  readonly procedure: string
  readonly businessId: string | null
  readonly outcome: string
  /** Canonical JSON (RFC 8785). */
  readonly details: string
  /** Hash of the row before; 32 zero bytes in row 1. */
  readonly prevHash: Hash
  readonly hash: Hash
}

/** What stands in place of the hash of the row before the first. */
export const noHash: Hash = Buffer.alloc(32)

function hex(bytes: Hash): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

/**
 * The bytes of a row that are hashed: one canonical JSON object of all its fields and the hash of the row before.
 * `details` is joined in as it stands; members in order of name, so the text is canonical as a whole and can be split in one way only.
 */
export function rowData(row: Omit<StoredRow, 'hash'>): string {
  return (
    `{"actor":${JSON.stringify(row.actor)},"at":${row.at},"businessId":${JSON.stringify(row.businessId)},"details":${row.details},` +
    `"door":${JSON.stringify(row.door)},"outcome":${JSON.stringify(row.outcome)},"prev":"${hex(row.prevHash)}",` +
    `"procedure":${JSON.stringify(row.procedure)},"seq":${row.seq}}`
  )
}

/** The hash of a row: link of the chain and leaf of the tree at once. */
export function rowHash(row: Omit<StoredRow, 'hash'>): Hash {
  return leafHash(rowData(row))
}

/** One printable line: what names an actor, a door, a procedure or an outcome can forge no second line and no direction of reading. */
const name = /^[^\p{C}\u2028\u2029]{1,200}$/u

export interface AuditEntry {
  /** UTC epoch milliseconds. */
  readonly at: number
  readonly actor: string
  readonly door: string
  readonly procedure: string
  readonly businessId: string | null
  readonly outcome: string
  /** Ids, field names, amounts and keyed digests; never personal data or secrets. */
  readonly details: object
}

/**
 * Links an entry to the row before it.
 * @throws TypeError when a name is empty, longer than 200 characters or holds control characters, or when details are no JSON.
 */
export function link(entry: AuditEntry, seq: number, prevHash: Hash): StoredRow {
  for (const value of [entry.actor, entry.door, entry.procedure, entry.outcome, entry.businessId ?? '-']) {
    if (!name.test(value)) throw new TypeError('An audit row needs names of 1 to 200 printable characters')
  }
  if (!Number.isSafeInteger(entry.at)) throw new TypeError('An audit row needs its time in whole milliseconds')
  const row = {
    seq,
    at: entry.at,
    actor: entry.actor,
    door: entry.door,
    procedure: entry.procedure,
    businessId: entry.businessId,
    outcome: entry.outcome,
    details: canonicalJson(entry.details),
    prevHash,
  }
  return { ...row, hash: rowHash(row) }
}
