import { runCommand } from '../../api/queries'
import { toast } from '../../components/toasts'
import { words } from './words'

/** Fetches provider events now and says what came of it. Resolves when it ended either way. */
export async function syncNow(businessId: string): Promise<void> {
  try {
    const outcome = await runCommand('events.sync', { businessId })
    if (outcome.status === 'awaitingApproval') toast.waiting(words.syncWaits)
    else toast.done(words.synced, words.syncedText(outcome.value.fetched, outcome.value.applied, outcome.value.gaps))
  } catch (error) {
    toast.failed(words.notSynced, error)
  }
}
