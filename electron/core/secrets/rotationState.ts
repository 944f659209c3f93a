import type { Rotation } from '../../../shared/contract/secrets'
import { AppError } from '../../../shared/errors'

export type Phase = Rotation['phase']
export type RotationStep = 'start' | 'test' | 'finish' | 'cancel' | 'retire'

/** A new value waits beside the one in use. */
export function isPending(phase: Phase): boolean {
  return phase === 'added' || phase === 'tested'
}

const from: Readonly<Record<RotationStep, readonly Phase[]>> = {
  /** Starting anew within the overlap retires the old value at once. */
  start: ['none', 'overlap'],
  test: ['added', 'tested'],
  finish: ['tested'],
  cancel: ['added', 'tested', 'overlap'],
  retire: ['overlap'],
}

const refusals: Readonly<Record<RotationStep, string>> = {
  start: 'A rotation of this secret is under way. Nothing was changed. Finish it or cancel it first.',
  test: 'No rotation of this secret waits for a test. Nothing was tried. Start one with a new value first.',
  finish:
    'The new value was not tested yet, or no rotation is under way. Nothing was changed. Test it first; in an overlap only overlapHours 0 does something: it retires the old value now.',
  cancel: 'No rotation of this secret is under way. Nothing was changed.',
  retire: 'No old value of this secret waits to be retired. Nothing was changed.',
}

/** @throws AppError conflict when the step does not follow from the phase */
export function assertStep(step: RotationStep, phase: Phase): void {
  if (!from[step].includes(phase)) throw new AppError('conflict', refusals[step])
}

/** The refusal of a change that would slip between the two values of a rotation. */
export function rotationUnderWay(): AppError {
  return new AppError(
    'conflict',
    'A rotation of this secret is under way, so it cannot be edited now. Nothing was changed. Finish it or cancel it first.',
  )
}
