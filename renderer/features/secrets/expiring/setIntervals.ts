import type { SecretSummary } from '../../../../shared/contract/secrets'
import { call } from '../../../api/bridge'
import { runCommand } from '../../../api/queries'
import { toast } from '../../../components/toasts'
import { words as common } from '../words'
import { words } from './words'

interface Before {
  readonly secretId: string
  /** The version that the change made. */
  readonly version: number
  readonly days: number | null
}

/** Gives several items one interval, each in a step of its own, and says how far it came. The toast takes it back. */
export async function setIntervals(items: readonly SecretSummary[], days: number | null): Promise<void> {
  const done: Before[] = []
  let waiting = 0
  try {
    for (const item of items) {
      const { rotation } = await call('secrets.get', { secretId: item.id })
      const outcome = await runCommand('secrets.update', { secretId: item.id, version: item.version, rotateEveryDays: days })
      if (outcome.status === 'done') done.push({ secretId: item.id, version: outcome.value.version, days: rotation.everyDays })
      else waiting += 1
    }
  } catch (error) {
    toast.failed(done.length === 0 ? words.notSet : words.setPart(done.length, items.length), error)
    return
  }
  if (waiting > 0) toast.waiting(words.waits(waiting))
  if (done.length > 0) toast.done(words.set(done.length), undefined, { label: common.undo, run: () => void takeBack(done) })
}

async function takeBack(changes: readonly Before[]): Promise<void> {
  try {
    for (const { secretId, version, days } of changes)
      await runCommand('secrets.update', { secretId, version, rotateEveryDays: days })
    toast.done(words.undone)
  } catch (error) {
    toast.failed(words.notSet, error)
  }
}
