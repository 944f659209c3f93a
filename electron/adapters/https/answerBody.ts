import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const

/**
 * Reads a body and decompresses it: what is compressed could not be searched for secrets.
 * @param encoding the header Content-Encoding; of an unknown one the body is left out
 * @param maxBytes kept at most, after decompression; what is beyond is not read
 * @throws Error of the stream or of the decompression
 */
export async function readBody(
  answer: Readable,
  encoding: string | undefined,
  maxBytes: number,
): Promise<{ readonly body: Buffer; readonly truncated: boolean }> {
  const name = encoding?.trim().toLowerCase() ?? 'identity'
  if (name !== 'identity' && name !== '' && !(name in decoders)) {
    answer.destroy()
    return { body: Buffer.alloc(0), truncated: true }
  }
  const decoder = name in decoders ? decoders[name as keyof typeof decoders]() : null
  const source: AsyncIterable<Buffer> = decoder === null ? answer : pipeline(answer, decoder, () => undefined)
  const kept: Buffer[] = []
  let length = 0
  let truncated = false
  for await (const piece of source) {
    const room = maxBytes - length
    if (piece.length > room) truncated = true
    kept.push(piece.length > room ? piece.subarray(0, room) : piece)
    length += Math.min(piece.length, room)
    if (truncated) break
  }
  const body = Buffer.concat(kept, length)
  for (const piece of kept) piece.fill(0)
  return { body, truncated }
}
