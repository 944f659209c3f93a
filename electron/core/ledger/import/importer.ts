import { createHash } from 'node:crypto'
import { AppError } from '../../../../shared/errors'
import type { Database, WriteDb } from '../../db'
import { bookOf } from '../books'
import { BadLine, ImportLineReader } from './importLine'
import { endAbandoned, endImport, type ImportCounts, insertImport, publishImport } from './imports.repository'
import { LineSplitter } from './lineSplitter'
import { giveWay, inSlices, type SliceOptions, writeSlice } from './slices'
import { Staging, type StagingLimits } from './staging'
import { tidyImports } from './tidy'

/** What the audit row of an import says. */
export interface ImportRecord extends ImportCounts {
  readonly importId: string
  readonly bytes: number
  /** Of the whole stream, in hex. */
  readonly sha256: string
}

export interface ImportRequest {
  readonly now: number
  readonly businessId: string
  /** The lines as bytes, cut anywhere. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Ends the import; nothing of it stays. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly lines: number; readonly bytes: number }) => void
  /** Writes the audit row, in the transaction that publishes. */
  readonly onPublished: (w: WriteDb, record: ImportRecord) => void
}

export interface ImporterOptions extends Partial<SliceOptions> {
  readonly database: Database
  readonly limits?: StagingLimits
}

/** Bytes read ahead of a slice, so that a slice has enough to do for its commit to be worth it. */
const readAhead = 512 * 1024

/**
 * Imports journals. Entries are staged in short transactions, each followed by a turn for everything else, and stay invisible until one
 * short transaction publishes them all. One import per business at a time.
 */
export class LedgerImporter {
  readonly #database: Database
  readonly #slices: SliceOptions
  readonly #limits: StagingLimits | undefined
  readonly #running = new Map<number, AbortController>()
  readonly #staging = new Set<number>()
  readonly #stop = new AbortController()
  #tidying: Promise<void> = Promise.resolve()

  constructor({ database, limits, elapsed = () => performance.now(), budget = 10 }: ImporterOptions) {
    this.#limits = limits
    this.#database = database
    this.#slices = { elapsed, budget }
  }

  /**
   * Imports entries, one JSON object a line (the contract's `importLine`), all or nothing.
   * @returns how many entries are new, and how many were left out because their externalId was there before
   * @throws AppError conflict (another import of the business runs, or this one was cancelled), not_found (business), invalid_input (also
   * when there is no entry at all), too_large or period_closed (naming the line); nothing stays then. Errors of `chunks` are passed on.
   */
  async importStream(request: ImportRequest): Promise<ImportCounts> {
    const book = bookOf(this.#database.read, request.businessId)
    if (this.#running.has(book.id)) {
      throw new AppError(
        'conflict',
        'Another import into these books is running. Nothing was imported. Wait for it, or cancel it.',
      )
    }
    const cancel = new AbortController()
    const signal = AbortSignal.any([cancel.signal, this.#stop.signal, ...(request.signal ? [request.signal] : [])])
    this.#running.set(book.id, cancel)
    try {
      await this.sweep()
      signal.throwIfAborted()
      const importId = this.#database.write((w) => insertImport(w, book.id, request.now))
      this.#staging.add(importId)
      const staging = new Staging(book, importId, request.now, this.#limits)
      try {
        return await this.#stage(request, staging, importId, signal)
      } catch (error) {
        this.#end(importId, signal, error)
        throw signal.aborted ? cancelled(signal.reason) : error
      } finally {
        this.#staging.delete(importId)
      }
    } finally {
      this.#running.delete(book.id)
      this.sweep().catch(() => undefined)
    }
  }

  /** Ends the running import of a business. @returns false when none runs */
  cancel(businessId: string): boolean {
    const running = this.#running.get(bookOf(this.#database.read, businessId).id)
    running?.abort()
    return running !== undefined
  }

  /** Clears up after imports that failed, were cancelled or were cut off by the end of the app; called at start. */
  sweep(): Promise<void> {
    const { signal } = this.#stop
    const run = async () => {
      if (signal.aborted) return
      this.#database.write((w) => endAbandoned(w, [...this.#staging]))
      await tidyImports(this.#database, { ...this.#slices, signal })
    }
    this.#tidying = this.#tidying.then(run, run)
    return this.#tidying
  }

  /** Ends running imports and the clearing up; afterwards the database is not touched again. */
  async stop(): Promise<void> {
    this.#stop.abort(
      new AppError('unavailable', 'The app is closing. Nothing was imported; run the import again after the next start.'),
    )
    while (this.#running.size > 0) await giveWay()
    await this.#tidying.catch(() => undefined)
  }

  async #stage(request: ImportRequest, staging: Staging, importId: number, signal: AbortSignal): Promise<ImportCounts> {
    const reader = new ImportLineReader()
    const splitter = new LineSplitter()
    const hash = createHash('sha256')
    let queue: (string | BadLine)[] = []
    let lines = 0
    let bytes = 0
    let queued = 0

    const held = this.#database.hold()
    const drain = async () => {
      let next = 0
      while (next < queue.length) {
        signal.throwIfAborted()
        writeSlice(held, this.#slices, (w, more) => {
          staging.begin(w)
          for (; next < queue.length && !staging.isFull && more(); next++) {
            lines += 1
            addLine(staging, reader, queue[next], lines)
          }
        })
        if (staging.isFull) await this.#writeSums(staging, signal)
        request.onProgress?.({ lines, bytes })
        await giveWay()
      }
      held.commit()
      queue = []
      queued = 0
    }

    try {
      for await (const chunk of untilAborted(request.chunks, signal)) {
        hash.update(chunk)
        bytes += chunk.length
        queued += chunk.length
        const complete = splitter.push(chunk)
        queue = queue.length === 0 ? complete : queue.concat(complete)
        if (queued >= readAhead) await drain()
      }
      queue = queue.concat(splitter.end())
      await drain()
      if (staging.imported + staging.skipped === 0) throw noEntries()
      await this.#writeSums(staging, signal)
    } finally {
      held.rollback()
    }
    return this.#publish(request, staging, importId, { sha256: hash.digest(), bytes })
  }

  #writeSums(staging: Staging, signal: AbortSignal): Promise<void> {
    return inSlices(this.#database, { ...this.#slices, signal }, (w, more) => staging.writeSums(w, more))
  }

  #publish(
    request: ImportRequest,
    staging: Staging,
    importId: number,
    { sha256, bytes }: { readonly sha256: Buffer; readonly bytes: number },
  ): ImportCounts {
    const counts = { imported: staging.imported, skipped: staging.skipped }
    this.#database.write((w) => {
      staging.finish(w)
      publishImport(w, importId, counts, sha256)
      request.onPublished(w, { importId: `imp_${importId}`, ...counts, bytes, sha256: sha256.toString('hex') })
    })
    return counts
  }

  /** Marks the import as ended. Where even that cannot be written, the sweep of the next import or start does it. */
  #end(importId: number, signal: AbortSignal, error: unknown): void {
    const problem = error instanceof AppError ? error.message : 'The data stopped before its end.'
    try {
      this.#database.write((w) => endImport(w, importId, signal.aborted ? 'cancelled' : 'failed', problem))
    } catch {
      this.#staging.delete(importId)
    }
  }
}

function noEntries(): AppError {
  return new AppError('invalid_input', 'There is no entry in the data. Nothing was imported. Send one JSON object a line.')
}

function cancelled(reason: unknown): AppError {
  if (reason instanceof AppError) return reason
  return new AppError('conflict', 'The import was cancelled. Nothing was imported.')
}

function addLine(staging: Staging, reader: ImportLineReader, text: string | BadLine | undefined, number: number): void {
  try {
    if (typeof text !== 'string') throw text
    const line = reader.read(text)
    if (line !== null) staging.add(line)
  } catch (error) {
    if (error instanceof BadLine) {
      throw new AppError(
        error.code,
        `Line ${number} ${error.message}. Nothing was imported. Correct the line and import again.`,
        {
          line: number,
        },
      )
    }
    throw error
  }
}

/**
 * The chunks, until the signal says stop: also while the next one is awaited. Each wait has a promise of its own: one that all of them raced
 * against would hold every chunk until the end.
 */
async function* untilAborted(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  let abort: (reason: unknown) => void = () => undefined
  const stop = () => abort(signal.reason)
  signal.addEventListener('abort', stop)
  try {
    for (;;) {
      signal.throwIfAborted()
      const aborted = Promise.withResolvers<never>()
      abort = aborted.reject
      const next = await Promise.race([iterator.next(), aborted.promise])
      if (next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', stop)
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}
