import { AppError } from '../../../shared/errors'
import type { ActorName } from '../dispatch/actor'
import type { StepUp } from '../ports/stepUp'
import type { Session } from './vault.session'

/** How long a proof is good for, in milliseconds. */
export const stepUpLasts = 5 * 60_000

/** The step-up of one vault, with what gives and takes it. */
export interface StepUpState extends StepUp {
  /** @throws AppError 'forbidden' for anyone but the owner */
  assertOwner(actor: ActorName): void
  /**
   * Notes that the owner has just proved that it is them.
   * @returns until when that is good, UTC epoch milliseconds
   */
  proved(): number
}

/**
 * Keeps in memory that the owner has proved to be themselves, for five minutes by the wall clock and by the time that has really passed,
 * whichever is over first, so that setting the clock back prolongs nothing. Gone at every lock.
 * @param now UTC epoch milliseconds
 * @param elapsed milliseconds of a clock that is never set
 */
export function createStepUp(
  session: Pick<Session, 'onChange'>,
  now: () => number,
  elapsed: () => number = () => performance.now(),
): StepUpState {
  let proof: { readonly until: number; readonly endsAt: number } | null = null
  const until = (actor: ActorName): number | null => {
    if (actor !== 'owner' || proof === null) return null
    return now() < proof.until && elapsed() < proof.endsAt ? proof.until : null
  }
  session.onChange((state) => {
    if (state !== 'unlocked') proof = null
  })
  return {
    until,
    require(actor) {
      if (until(actor) !== null) return
      throw new AppError(
        'step_up_required',
        actor === 'owner'
          ? 'Nothing was done: this needs a fresh proof that it is you. Give the passphrase or a code to vault/stepUp, then try again within 5 minutes.'
          : 'Nothing was done: this needs a fresh proof that only the owner can give.',
      )
    },
    assertOwner(actor) {
      if (actor !== 'owner') throw new AppError('forbidden', 'Nothing was done: only the owner can prove to be the owner.')
    },
    proved() {
      proof = { until: now() + stepUpLasts, endsAt: elapsed() + stepUpLasts }
      return proof.until
    },
  }
}
