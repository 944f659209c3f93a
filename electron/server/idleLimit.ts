import { AppError } from '../../shared/errors'

/**
 * Passes a stream on, and ends it with an error when nothing arrives for `idleMs`.
 * @throws AppError invalid_input from the iteration
 */
export async function* withIdleLimit(source: AsyncIterable<Uint8Array>, idleMs: number): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { promise: idle, reject } = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => reject(new AppError('invalid_input', `Nothing was imported: no data came for ${idleMs / 1000} s.`)),
        idleMs,
      )
      try {
        const next = await Promise.race([iterator.next(), idle])
        if (next.done === true) return
        yield next.value
      } finally {
        clearTimeout(timer)
      }
    }
  } finally {
    await iterator.return?.()
  }
}
