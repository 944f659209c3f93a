import { Worker } from 'node:worker_threads'
import { AppError, type ErrorBody } from '../../../shared/errors'
import { type JobInput, type JobName, type JobOutput, type OnProgress, runJob } from './jobs'

/** Where the long work on backups is done. */
export interface Workbench {
  /** @throws AppError as the job does; 'unavailable' when it was stopped */
  run<N extends JobName>(name: N, input: JobInput<N>, onProgress: OnProgress): Promise<JobOutput<N>>
  /** Ends what is under way. */
  stop(): Promise<void>
}

/** What a worker is started with and what it answers. */
export interface WorkOrder {
  readonly name: JobName
  readonly input: unknown
}
export type WorkAnswer =
  | { readonly kind: 'progress'; readonly percent: number }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly error: ErrorBody }
  | { readonly kind: 'failed'; readonly message: string }

const closing = () =>
  new AppError('unavailable', 'The app is closing. Nothing of this was kept; run it again after the next start.')

/** Does the work in the thread that asks for it: for tools and tests, where nothing else waits. */
export const thisThread: Workbench = { run: runJob, stop: async () => undefined }

/**
 * Does each job in a worker thread of its own with its own connection, so that the app goes on answering.
 * @param file the worker's script, built from `worker.ts`
 */
export function workerThreads(file: string): Workbench {
  const running = new Set<Worker>()
  let stopped = false
  return {
    run: <N extends JobName>(name: N, input: JobInput<N>, onProgress: OnProgress) =>
      new Promise<JobOutput<N>>((resolve, reject) => {
        if (stopped) throw closing()
        const order: WorkOrder = { name, input }
        const worker = new Worker(file, { workerData: order })
        running.add(worker)
        worker.on('message', (answer: WorkAnswer) => {
          if (answer.kind === 'progress') onProgress(answer.percent)
          else if (answer.kind === 'done') resolve(answer.value as JobOutput<N>)
          else if (answer.kind === 'refused') reject(new AppError(answer.error.code, answer.error.message, answer.error.details))
          else reject(new Error(`The work on a backup failed: ${answer.message}`))
        })
        worker.on('error', reject)
        worker.on('exit', () => {
          running.delete(worker)
          reject(closing())
        })
      }),
    async stop() {
      stopped = true
      await Promise.all([...running].map((worker) => worker.terminate()))
    },
  }
}
