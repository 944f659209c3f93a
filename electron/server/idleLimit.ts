import type { Readable } from 'node:stream'
import { AppError } from '../../shared/errors'

/**
 * Passes the body of a request on, and ends with an error when nothing arrives for `idleMs`. The body is never destroyed, for its socket
 * would go with it: what its reader leaves is read and dropped, so that a sender who is still sending hears the answer.
 * @throws AppError invalid_input from the iteration, also where the sender hangs up; other errors of the body are passed on
 */
export async function* withIdleLimit(source: Readable, idleMs: number): AsyncGenerator<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = source.iterator({ destroyOnReturn: false })
  let waiting = false
  try {
    for (;;) {
      const { promise: idle, reject } = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => reject(new AppError('invalid_input', `Nothing was imported: no data came for ${idleMs / 1000} s.`)),
        idleMs,
      )
      waiting = true
      try {
        const next = await Promise.race([iterator.next(), idle])
        waiting = false
        if (next.done === true) return
        yield next.value
      } catch (error) {
        throw hasHungUp(error)
          ? new AppError('invalid_input', 'Nothing was imported: the connection ended before the data.')
          : error
      } finally {
        clearTimeout(timer)
      }
    }
  } finally {
    // An iterator that still waits for data would answer only after it.
    if (!waiting) await iterator.return?.()
    source.resume()
  }
}

/** Node ends the body of a request so when its connection closes early (http.IncomingMessage). */
function hasHungUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
}
