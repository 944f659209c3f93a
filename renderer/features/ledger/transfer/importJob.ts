import { useEffect, useSyncExternalStore } from 'react'
import { call, onBridgeEvent } from '../../../api/bridge'
import { messageOf } from '../../../api/failure'
import { runCommand } from '../../../api/queries'
import { toast } from '../../../components/toasts'
import { words } from './words'

interface Progress {
  readonly lines: number
  readonly bytes: number
  readonly totalBytes: number
}

/** An import as the window knows it: it outlives the screen that began it. */
type ImportJob =
  | { readonly state: 'choosing' }
  | { readonly state: 'running'; readonly progress: Progress; readonly cancelling: boolean }
  | { readonly state: 'failed'; readonly problem: string }

let jobs: ReadonlyMap<string, ImportJob> = new Map()
const watchers = new Set<() => void>()

function put(businessId: string, job: ImportJob | null): void {
  const next = new Map(jobs)
  if (job) next.set(businessId, job)
  else next.delete(businessId)
  jobs = next
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** The import of a business, kept in step with main's progress; undefined when there is none. */
export function useImportJob(businessId: string): ImportJob | undefined {
  useEffect(
    () =>
      onBridgeEvent('importProgress', ({ businessId: of, lines, bytes, totalBytes }) => {
        const job = jobs.get(of)
        // Without a job of its own the window was reloaded under the import; the call that began it is gone, and with it the answer.
        if (job) put(of, { state: 'running', progress: { lines, bytes, totalBytes }, cancelling: isCancelling(job) })
      }),
    [],
  )
  return useSyncExternalStore(watch, () => jobs.get(businessId))
}

function isCancelling(job: ImportJob): boolean {
  return job.state === 'running' && job.cancelling
}

/** Asks for a file and imports it; says how it ended. */
export async function startImport(businessId: string): Promise<void> {
  put(businessId, { state: 'choosing' })
  try {
    const outcome = await runCommand('ledger.importFile', { businessId })
    put(businessId, null)
    if (outcome.status === 'done' && outcome.value) {
      toast.done(words.import.done(outcome.value.imported), words.import.skipped(outcome.value.skipped))
    }
  } catch (error) {
    const job = jobs.get(businessId)
    if (job && isCancelling(job)) {
      put(businessId, null)
      toast.done(words.import.cancelled, words.import.cancelledText)
    } else {
      put(businessId, { state: 'failed', problem: messageOf(error) })
    }
  }
}

/** Stops the running import; the call that began it then ends. */
export function cancelImport(businessId: string): void {
  const job = jobs.get(businessId)
  if (job?.state !== 'running') return
  put(businessId, { ...job, cancelling: true })
  call('ledger.cancelImport', { businessId }).catch((error: unknown) => {
    const now = jobs.get(businessId)
    if (now?.state === 'running') put(businessId, { ...now, cancelling: false })
    toast.failed(words.import.notCancelled, error)
  })
}

/** Takes the words of a failed import off the screen. */
export function dismissImport(businessId: string): void {
  if (jobs.get(businessId)?.state === 'failed') put(businessId, null)
}
