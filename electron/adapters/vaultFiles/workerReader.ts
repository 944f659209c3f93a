import { Worker } from 'node:worker_threads'
import { AppError } from '../../../shared/errors'
import type { ForeignVaultReader } from '../../core/ports/foreignVault'
import { damaged } from './fields'
import type { ReadAnswer, ReadOrder } from './worker'

/** How long reading one file may take, in milliseconds. */
const usualMs = 120_000
/** What its objects may take in memory; what is more ends the worker and nothing else. */
const resourceLimits = { maxOldGenerationSizeMb: 1536 }

/**
 * Reads each file in a worker thread of its own: the app goes on answering, what was read in the open is gone with the thread, and a file
 * that was made to exhaust the machine ends there.
 * @param script built from `worker.ts`
 */
export function workerReader(script: string, mostMs = usualMs): ForeignVaultReader {
  return {
    read: (format, content, password) =>
      new Promise((resolve, reject) => {
        const order: ReadOrder = { format, content, password }
        const worker = new Worker(script, { workerData: order, resourceLimits })
        const timer = setTimeout(() => {
          void worker.terminate()
          reject(damaged('reading it takes longer than any export does.'))
        }, mostMs)
        worker.on('message', (answer: ReadAnswer) => {
          if (answer.kind === 'failed') reject(new Error(`A vault could not be read: ${answer.message}`))
          else if (answer.kind === 'refused') reject(new AppError(answer.error.code, answer.error.message, answer.error.details))
          else resolve(answer.vault)
        })
        worker.on('error', (error: NodeJS.ErrnoException) =>
          reject(
            error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? damaged('reading it takes more memory than any export does.') : error,
          ),
        )
        worker.on('exit', () => {
          clearTimeout(timer)
          reject(new Error('The worker that read a vault ended without an answer'))
        })
      }),
  }
}
