import { randomBytes } from 'node:crypto'
import type { Customer } from '../../../shared/contract/customers'
import { AppError } from '../../../shared/errors'
import { type ReadDb, type SqlFragment, sql, type WriteDb } from '../db/index'
import { newId } from '../ports/ids'
import { erasedProfile, openProfile, type Profile, sealProfile } from './profile'

interface CustomerRow {
  id: string
  business_id: string
  subject_id: string
  provider_ref: string | null
  version: number
  changed: number
  created_at: number
  key: Uint8Array | null
  sealed: Uint8Array
}

const selectRow = sql`
  SELECT c.id, c.business_id, c.subject_id, c.provider_ref, c.version, c.changed, c.created_at, s.key, p.sealed
  FROM customer c
  JOIN subject s ON s.id = c.subject_id
  JOIN customer_profile p ON p.customer_id = c.id AND p.version = c.version`

function profileOf(row: Pick<CustomerRow, 'key' | 'sealed' | 'business_id' | 'id' | 'version'>): Profile {
  if (row.key === null) return erasedProfile
  return openProfile(row.key, row.sealed, { businessId: row.business_id, customerId: row.id, version: row.version })
}

function toCustomer(row: CustomerRow): Customer {
  return {
    id: row.id,
    businessId: row.business_id,
    ...profileOf(row),
    createdAt: row.created_at,
    version: row.version,
  }
}

export function customerNotFound(): AppError {
  return new AppError('not_found', 'There is no such customer in this business. Nothing was changed.')
}

function find(db: ReadDb, where: SqlFragment): CustomerRow {
  const row = db.get<CustomerRow>(sql`${selectRow} ${where}`)
  if (row === undefined) throw customerNotFound()
  return row
}

/**
 * A customer with personal data, for doors, adapters and documents; never for audit rows, entries or the outbox.
 * @throws AppError not_found
 */
export function readCustomer(db: ReadDb, id: string): Customer {
  return toCustomer(find(db, sql`WHERE c.id = ${id}`))
}

/**
 * The customer as it was in an earlier version, for documents issued to that version.
 * @throws AppError not_found
 */
export function readCustomerVersion(db: ReadDb, id: string, version: number): Customer {
  const row = find(db, sql`WHERE c.id = ${id}`)
  const old = db.get<{ sealed: Uint8Array }>(
    sql`SELECT sealed FROM customer_profile WHERE customer_id = ${id} AND version = ${version}`,
  )
  if (old === undefined) throw customerNotFound()
  return toCustomer({ ...row, sealed: old.sealed, version })
}

/** What is known of a customer without opening anything personal. */
export interface CustomerHead {
  readonly businessId: string
  readonly version: number
}

export function findCustomerHead(db: ReadDb, id: string): CustomerHead | undefined {
  return db.get<CustomerHead>(sql`SELECT business_id AS businessId, version FROM customer WHERE id = ${id}`)
}

/** Which business a customer belongs to, and its current version. Throws AppError not_found. */
export function customerHead(db: ReadDb, id: string): CustomerHead {
  const head = findCustomerHead(db, id)
  if (head === undefined) throw customerNotFound()
  return head
}

/** How the provider knows a customer. */
export interface CustomerAtProvider {
  /** Its id there; null until something was sent there. */
  readonly ref: string | null
  /** The version of the profile that it has; null when that is not certain. */
  readonly version: number | null
}

/** Throws AppError not_found. */
export function customerAtProvider(db: ReadDb, id: string): CustomerAtProvider {
  const row = db.get<CustomerAtProvider>(
    sql`SELECT provider_ref AS ref, provider_version AS version FROM customer WHERE id = ${id}`,
  )
  if (row === undefined) throw customerNotFound()
  return row
}

export function setCustomerAtProvider(w: WriteDb, id: string, { ref, version }: CustomerAtProvider): void {
  w.run(sql`UPDATE customer SET provider_ref = ${ref}, provider_version = ${version}
            WHERE id = ${id} AND (provider_ref IS NOT ${ref} OR provider_version IS NOT ${version})`)
}

function nextChange(businessId: string): SqlFragment {
  return sql`(SELECT coalesce(max(changed), 0) + 1 FROM customer WHERE business_id = ${businessId})`
}

/** Makes a person with a key of their own and the customer that is this person. @returns the customer's id */
export function insertCustomer(w: WriteDb, businessId: string, profile: Profile, now: number): string {
  const id = newId('cus', now)
  const subjectId = newId('sub', now)
  const key = randomBytes(32)
  w.run(sql`INSERT INTO subject (id, business_id, key, created_at) VALUES (${subjectId}, ${businessId}, ${key}, ${now})`)
  w.run(sql`INSERT INTO customer (id, business_id, subject_id, version, changed, created_at)
            VALUES (${id}, ${businessId}, ${subjectId}, 1, ${nextChange(businessId)}, ${now})`)
  insertProfile(w, key, profile, { businessId, customerId: id, version: 1 })
  return id
}

function insertProfile(
  w: WriteDb,
  key: Uint8Array,
  profile: Profile,
  place: { businessId: string; customerId: string; version: number },
): void {
  w.run(sql`INSERT INTO customer_profile (business_id, customer_id, version, sealed)
            VALUES (${place.businessId}, ${place.customerId}, ${place.version}, ${sealProfile(key, profile, place)})`)
}

/**
 * Stores the next version of a profile.
 * @throws AppError not_found, or conflict when the person was erased
 */
export function updateProfile(w: WriteDb, id: string, change: Partial<Profile>): void {
  const row = find(w, sql`WHERE c.id = ${id}`)
  if (row.key === null)
    throw new AppError('conflict', 'This customer was erased and cannot be changed. Add a new customer instead.')
  const version = row.version + 1
  insertProfile(w, row.key, { ...profileOf(row), ...change }, { businessId: row.business_id, customerId: id, version })
  w.run(sql`UPDATE customer SET version = ${version}, changed = ${nextChange(row.business_id)} WHERE id = ${id}`)
}

/** A directory entry as stored; `changed` orders writes within the business. */
export interface DirectoryRow {
  readonly id: string
  readonly changed: number
  readonly name: string
  readonly email: string
}

/** Customers of a business written after `changed`, in the order of writing. */
export function readChanges(db: ReadDb, businessId: string, changed: number, limit: number): DirectoryRow[] {
  return db
    .all<CustomerRow>(
      sql`${selectRow} WHERE c.business_id = ${businessId} AND c.changed > ${changed} ORDER BY c.changed LIMIT ${limit}`,
    )
    .map((row) => {
      const { name, email } = profileOf(row)
      return { id: row.id, changed: row.changed, name, email }
    })
}

/** A pattern that finds a text only where it stands by itself, so that a short name does not tear other words. */
function asWord(text: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu')
}

/**
 * Takes a customer's name, e-mail and anything that looks like an e-mail out of a provider's message, so that the sentence may be
 * kept beside a business document.
 */
export function withoutPersonalData(db: ReadDb, customerId: string | null, text: string): string {
  const customer = customerId === null ? erasedProfile : readCustomer(db, customerId)
  let clean = text
  for (const [value, replacement] of [
    [customer.email, 'the e-mail address'],
    [customer.name, 'the customer'],
  ] as const) {
    if (value !== '') clean = clean.replaceAll(asWord(value), replacement)
  }
  return clean.replace(/[^\s"'<>(]+@[^\s"'<>)]+[^\s"'<>).,;:]/g, 'the e-mail address').slice(0, 500)
}
