import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../../shared/errors'
import { type JobInput, runJob } from './jobs'
import type { WorkAnswer, WorkOrder } from './workbench'

/** The script of a worker thread that does one job, answers and ends. */
async function work({ name, input }: WorkOrder, answer: (answer: WorkAnswer) => void): Promise<void> {
  try {
    const value = await runJob(name, input as JobInput<typeof name>, (percent) => answer({ kind: 'progress', percent }))
    answer({ kind: 'done', value })
  } catch (error) {
    if (error instanceof AppError) answer({ kind: 'refused', error: error.toBody() })
    else answer({ kind: 'failed', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
  } finally {
    for (const [name, value] of Object.entries(input ?? {})) {
      if ((name === 'key' || name === 'newKey') && value instanceof Uint8Array) value.fill(0)
    }
  }
}

const port = parentPort
if (port === null) throw new Error('This runs as a worker thread')
void work(workerData as WorkOrder, (answer) => port.postMessage(answer))
