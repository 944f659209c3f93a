import { sql, type WriteDb } from '../db/index'
import { beginHold, detailsDigestOf, ensurePayee, type NewPayee, quarantineHours, setDetailsDigest } from './payees.repository'

const hourMs = 3_600_000

export interface ChangedDetails extends Omit<NewPayee, 'businessId'> {
  /** Null for an item of the whole vault: every business may pay to it. */
  readonly businessId: string | null
  /** The actors whose change it is, at least one: who gave the details, and who put them in force. */
  readonly by: readonly string[]
  /** From `payeeDetailsDigest`. */
  readonly detailsDigest: Uint8Array
}

/**
 * Tells that a payee's details were given for the first time or changed: they are held in quarantine from now on. The same details
 * again change nothing. Call it in the transaction that stores them.
 * @returns whether a quarantine began
 */
export function payeeDetailsChanged(w: WriteDb, change: ChangedDetails): boolean {
  const { kind, subjectId, detailsDigest, by, now } = change
  const businesses =
    change.businessId === null ? w.all<{ id: string }>(sql`SELECT id FROM business ORDER BY id`) : [{ id: change.businessId }]
  let began = false
  for (const { id: businessId } of businesses) {
    const payeeId = ensurePayee(w, { businessId, kind, subjectId, now })
    const before = detailsDigestOf(w, payeeId)
    if (before !== null && Buffer.from(before).equals(detailsDigest)) continue
    setDetailsDigest(w, payeeId, detailsDigest)
    const until = now + quarantineHours(w) * hourMs
    for (const hand of by) beginHold(w, { payeeId, businessId, by: hand, now, until })
    began = true
  }
  return began
}

/** Makes a customer known as a payee, because a command with an amount named them. Ids of other things are passed over. */
export function noteCustomerAsPayee(w: WriteDb, businessId: string, customerId: string, now: number): void {
  const customer = w.get(sql`SELECT 1 FROM customer WHERE business_id = ${businessId} AND id = ${customerId}`)
  if (customer !== undefined) ensurePayee(w, { businessId, kind: 'customer', subjectId: customerId, now })
}
