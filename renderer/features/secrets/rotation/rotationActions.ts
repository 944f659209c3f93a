import type { z } from 'zod'
import type { newField, Secret } from '../../../../shared/contract/secrets'
import { runCommand } from '../../../api/queries'
import { withStepUp } from '../../../components/StepUp'
import { toast } from '../../../components/toasts'
import { words as common } from '../words'
import { words } from './words'

/** Lets a new value wait beside the old one. Answers whether it does. @throws CallError */
export async function startRotation(
  secret: Pick<Secret, 'id' | 'version'>,
  fields: readonly z.infer<typeof newField>[],
): Promise<boolean> {
  const input = { secretId: secret.id, version: secret.version, fields: [...fields] }
  const outcome = await withStepUp(() => runCommand('secrets.startRotation', input))
  if (outcome === undefined) return false
  if (outcome.status !== 'done') toast.waiting(common.waits, common.waitsText)
  return true
}

/** Tries the new value at its provider, or takes the owner's word for it. */
export async function testRotation(secretId: string, confirmedByOwner: boolean): Promise<void> {
  try {
    const input = { secretId, ...(confirmedByOwner ? { confirmedByOwner } : {}) }
    const outcome = await withStepUp(() => runCommand('secrets.testRotation', input))
    if (outcome === undefined) return
    if (outcome.status !== 'done') toast.waiting(common.waits, common.waitsText)
    // What did not pass stands on the item, with what to do next.
    else if (outcome.value.rotation.phase === 'tested') toast.done(words.tested)
  } catch (error) {
    toast.failed(words.notTested, error)
  }
}

/** Uses the new value from now on, the old one kept for the hours of the overlap; with 0 it is retired at once. */
export async function finishRotation(secretId: string, overlapHours: number): Promise<void> {
  try {
    const outcome = await withStepUp(() => runCommand('secrets.finishRotation', { secretId, overlapHours }))
    if (outcome === undefined) return
    if (outcome.status !== 'done') toast.waiting(common.waits, common.waitsText)
    else toast.done(outcome.value.rotation.phase === 'none' ? words.retired : words.finished)
  } catch (error) {
    toast.failed(words.notFinished, error)
  }
}

/** Ends the overlap: the old value is history. */
export async function retireOldValue(secretId: string): Promise<void> {
  try {
    const outcome = await withStepUp(() => runCommand('secrets.finishRotation', { secretId, overlapHours: 0 }))
    if (outcome === undefined) return
    if (outcome.status !== 'done') toast.waiting(common.waits, common.waitsText)
    else toast.done(words.retired)
  } catch (error) {
    toast.failed(words.notRetired, error)
  }
}

/** Drops the new value, or goes back to the old one within the overlap. */
export async function cancelRotation(secretId: string): Promise<void> {
  try {
    const outcome = await withStepUp(() => runCommand('secrets.cancelRotation', { secretId }))
    if (outcome === undefined) return
    if (outcome.status !== 'done') toast.waiting(common.waits, common.waitsText)
    else toast.done(words.cancelled, words.cancelledText)
  } catch (error) {
    toast.failed(words.notCancelled, error)
  }
}

/** Tries the value in use at its provider. */
export async function testCredential(secretId: string): Promise<void> {
  try {
    const outcome = await withStepUp(() => runCommand('secrets.test', { secretId }))
    if (outcome === undefined) return
    if (outcome.status !== 'done') toast.waiting(common.waits, common.waitsText)
    else if (outcome.value.ok) toast.done(words.testPassed, outcome.value.message)
    else toast.failed(words.testFailed, outcome.value.message)
  } catch (error) {
    toast.failed(words.testFailed, error)
  }
}
