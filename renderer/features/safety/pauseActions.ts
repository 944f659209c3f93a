import { runCommand } from '../../api/queries'
import { toast } from '../../components/toasts'
import { words } from './words'

/** The newest word on the pause is the only one that counts. */
const about = { key: 'pause' }

/** Stops schedules, sends and broker calls. No question before it: it can be ended at once. */
export function pauseEverything(): void {
  runCommand('safety.pause', {}).then(
    () => toast.done(words.pausedToast, words.pausedText, { label: words.resume, run: resumeEverything }, about),
    (error: unknown) => toast.failed(words.notPaused, error),
  )
}

/** Lets everything go on. */
export function resumeEverything(): void {
  runCommand('safety.resume', {}).then(
    (reply) => (reply.status === 'done' ? toast.done(words.resumed, undefined, undefined, about) : toast.waiting(words.waits)),
    (error: unknown) => toast.failed(words.notResumed, error),
  )
}
