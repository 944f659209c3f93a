import { newRequestId } from '../../../api/bridge'
import { runCommand } from '../../../api/queries'
import { toast } from '../../../components/toasts'
import { words as common } from '../words'
import { words } from './words'

interface Posted {
  readonly entryId: string
  readonly occurredOn: string
}

interface Onward {
  readonly label: string
  readonly run: () => void
}

/** Says that an entry was posted, and offers the way to it where the reader stays elsewhere; else to take it back by a reversal. */
export function announcePosted(entry: Posted, onward?: Onward): void {
  toast.done(words.posted, entry.entryId, onward ?? { label: words.undo, run: () => void undo(entry) })
}

/** There is no undo in the books: the entry is reversed on its own day, and both stay. */
async function undo({ entryId, occurredOn }: Posted): Promise<void> {
  try {
    const reason = words.undoReason(entryId)
    const outcome = await runCommand('ledger.reverse', { entryId, occurredOn, reason, requestId: newRequestId() })
    if (outcome.status === 'done') toast.done(words.undone, common.takenBackBy(outcome.value.entryId))
    else toast.waiting(common.waits, common.waitsText)
  } catch (error) {
    toast.failed(words.notUndone, error)
  }
}
