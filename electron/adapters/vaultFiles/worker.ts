import { parentPort, workerData } from 'node:worker_threads'
import { AppError, type ErrorBody } from '../../../shared/errors'
import type { ForeignFormat, ForeignVault } from '../../core/ports/foreignVault'
import { foreignVaultReader } from './reader'

/** What the worker is started with. */
export interface ReadOrder {
  readonly format: ForeignFormat
  readonly content: Uint8Array
  readonly password: string | undefined
}

/** What it answers, once, before it ends. */
export type ReadAnswer =
  | { readonly kind: 'done'; readonly vault: ForeignVault }
  | { readonly kind: 'refused'; readonly error: ErrorBody }
  | { readonly kind: 'failed'; readonly message: string }

async function read({ format, content, password }: ReadOrder): Promise<ReadAnswer> {
  try {
    return { kind: 'done', vault: await foreignVaultReader.read(format, Buffer.from(content), password) }
  } catch (error) {
    if (error instanceof AppError) return { kind: 'refused', error: error.toBody() }
    return { kind: 'failed', message: error instanceof Error ? error.name : 'unknown' }
  }
}

const port = parentPort
if (port === null) throw new Error('This runs as a worker thread')
void read(workerData as ReadOrder).then((answer) => port.postMessage(answer))
