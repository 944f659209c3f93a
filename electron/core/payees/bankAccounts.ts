import { getBusiness } from '../businesses/index'
import type { ReadDb } from '../db/index'
import { type DependantSource, type OpenField, plainName } from '../secrets/index'
import { payeeDetailsChanged } from './payeeChanges'
import { payeeDetailsDigest } from './payeeDetails'
import { payeesOf } from './payees.repository'

const notes: ReadonlySet<string> = new Set(['note', 'notes'])

/**
 * What money is paid to, whatever the types of its fields are: some are paid by e-mail or telephone number, and who may edit an item may
 * give a field another type. Only notes say nothing about that.
 */
function detailsOf(fields: readonly OpenField[]): Record<string, string> {
  const details = fields.filter(({ name, type }) => type !== 'multiline' || !notes.has(plainName(name)))
  return Object.fromEntries(details.map(({ name, value }) => [name, value.toString('utf8')]))
}

/**
 * Bank accounts of the vault as payees: their details are held in quarantine when they are first given and whenever they change.
 * @param digestKey the vault's key for digests
 */
export function bankAccountPayees(digestKey: Uint8Array): DependantSource {
  return {
    holds: false,
    dependantsOf: (r: ReadDb, secretId) =>
      payeesOf(r, secretId).map(({ id, businessId }) => ({
        kind: 'payee',
        id,
        label: `Payee of ${getBusiness(r, businessId).name}`,
      })),
    written: (w, { id, businessId, kind, by, now }, fields) => {
      if (kind !== 'bank_account') return
      const detailsDigest = payeeDetailsDigest(digestKey, detailsOf(fields))
      payeeDetailsChanged(w, { businessId, kind, subjectId: id, detailsDigest, by, now })
    },
  }
}
