import { type Payee, payeeChecks } from '../../../shared/contract/payees'
import { AppError } from '../../../shared/errors'
import type { ActorName } from '../dispatch/actor'
import type { PayeeCheck } from './payees.repository'

/** Each step of the checklist in words. */
export const checkWords: Readonly<Record<PayeeCheck, string>> = {
  called_known_number: 'called on a number known from before',
  test_payment_arrived: 'a small test payment arrived',
  document_seen: 'a document of the bank was seen',
}

/** The checklist after a step was ticked or taken back, in its fixed order. */
export function ticked(checks: readonly PayeeCheck[], check: PayeeCheck, done: boolean): PayeeCheck[] {
  return payeeChecks.filter((step) => (step === check ? done : checks.includes(step)))
}

/** @throws AppError conflict unless the payee's details are in quarantine */
export function assertHeld({ quarantinedUntil }: Pick<Payee, 'quarantinedUntil'>): void {
  if (quarantinedUntil === null) throw new AppError('conflict', 'Nothing was done: this payee is not in quarantine.')
}

/**
 * Whoever changed the details is not who says that they are right, save the owner.
 * @param by whose change is held
 * @throws AppError forbidden
 */
export function assertOtherHand(actor: ActorName, by: string | null, isOneHand: (a: ActorName, b: ActorName) => boolean): void {
  if (actor === 'owner' || by === null || !isOneHand(actor, by as ActorName)) return
  throw new AppError('forbidden', 'Nothing was done: somebody else than who changed the details has to say that they are right.')
}

/** @throws AppError conflict that names what is still open, unless every step is ticked */
export function assertReleasable({ checks }: Pick<Payee, 'checks'>): void {
  const open = payeeChecks.filter((check) => !checks.includes(check))
  if (open.length === 0) return
  throw new AppError(
    'conflict',
    `Nothing was done: a quarantine ends early only when every step is ticked. Still open: ${open.map((check) => checkWords[check]).join('; ')}.`,
  )
}
