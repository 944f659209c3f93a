import { z } from 'zod'
import { id } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

export const payeeChecks = ['called_known_number', 'test_payment_arrived', 'document_seen'] as const

/** The checksum that was compared: details that changed since are others, and nothing is done. */
const checksum = z.string().max(9)

export const payee = z.object({
  id,
  businessId: id,
  kind: z.enum(['customer', 'bank_account']),
  /** For bank accounts the item of the vault; for customers the customer. */
  subjectId: id,
  firstPaidAt: z.int().nullable(),
  detailsChangedAt: z.int().nullable(),
  /** A short checksum of the details, to compare over the telephone. */
  checksum: z.string().nullable(),
  quarantinedUntil: z.int().nullable(),
  checks: z.array(z.enum(payeeChecks)),
})
export type Payee = z.infer<typeof payee>

export const payees = {
  'payees.list': query({
    summary: 'Who was or may be paid, with quarantine after a change of details',
    input: { businessId: id, quarantined: z.boolean().optional(), ...page },
    output: pageOf(payee).extend({
      /** How long details that change from now on are held. */
      quarantineHours: z.int(),
    }),
    scope: 'policies:read',
  }),
  'payees.check': command({
    summary: 'Tick a step of the checklist after a change of details',
    input: { payeeId: id, checksum, check: z.enum(payeeChecks), done: z.boolean() },
    output: payee,
    scope: 'policies:write',
  }),
  'payees.release': command({
    summary: 'End a quarantine early; every step of the checklist must be ticked',
    input: { payeeId: id, checksum },
    output: payee,
    scope: 'policies:write',
  }),
  'payees.setQuarantine': command({
    summary: 'How long changed details are held, 24 to 72 hours',
    input: { hours: z.int().min(24).max(72) },
    output: z.object({ hours: z.int() }),
    scope: 'policies:write',
  }),
} as const
