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
 * Nobody who had a hand in the details that are held says that they are right, save the owner: who changed them first may have left in
 * them what a later change of somebody else did not touch.
 * @param changers everybody who changed the details since the quarantine began
 * @throws AppError forbidden
 */
export function assertOtherHand(
  actor: ActorName,
  changers: readonly string[],
  isOneHand: (a: ActorName, b: ActorName) => boolean,
): void {
  if (actor === 'owner' || !changers.some((by) => isOneHand(actor, by as ActorName))) return
  throw new AppError('forbidden', 'Nothing was done: somebody else than who changed the details has to say that they are right.')
}

/**
 * What was checked over the telephone are the details of one checksum; those that somebody gave meanwhile are others.
 * @throws AppError conflict
 */
export function assertSameDetails({ checksum }: Pick<Payee, 'checksum'>, checked: string): void {
  if (checksum === checked) return
  throw new AppError(
    'conflict',
    'Nothing was done: the details changed since you looked at them. Compare the checksum that is shown now, and check anew.',
  )
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
