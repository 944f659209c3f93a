import type { ActorName } from '../dispatch/actor'

/** Whether an actor has proved lately that it is still them. Only the owner can; anyone else is always refused. */
export interface StepUp {
  /** @throws AppError step_up_required, with the sentence that says how to prove it */
  require(actor: ActorName): void
  /** UTC epoch milliseconds; null when a new proof is needed. */
  until(actor: ActorName): number | null
}
