import { isUtf8 } from 'node:buffer'
import { BadLine } from './importLine'

/** Most bytes of one line, without its line feed. */
export const longestLine = 1024 * 1024

const lineFeed = 10

/**
 * Cuts a stream of bytes into lines of text without their line feeds; a byte order mark at the start is dropped. At most one unfinished line
 * is kept. A line that is too long or no UTF-8 comes out as a `BadLine` in its place, and nothing that follows it matters.
 */
export class LineSplitter {
  #parts: Uint8Array[] = []
  #held = 0
  #started = false

  /** @returns the lines that this chunk completes */
  push(chunk: Uint8Array): (string | BadLine)[] {
    const end = chunk.lastIndexOf(lineFeed)
    const lines = end < 0 ? [] : this.#take(chunk.subarray(0, end))
    const rest = chunk.subarray(end + 1)
    if (rest.length > 0) this.#parts.push(rest)
    this.#held += rest.length
    return this.#held > longestLine ? [...lines, tooLong()] : lines
  }

  /** @returns the last line when it had no line feed */
  end(): (string | BadLine)[] {
    return this.#held === 0 ? [] : this.#take(new Uint8Array())
  }

  #take(last: Uint8Array): (string | BadLine)[] {
    const bytes =
      this.#held === 0 ? Buffer.from(last.buffer, last.byteOffset, last.length) : Buffer.concat([...this.#parts, last])
    this.#parts = []
    this.#held = 0
    const lines = isUtf8(bytes) && bytes.length <= longestLine ? bytes.toString('utf8').split('\n') : readEach(bytes)
    const [first] = lines
    if (!this.#started && typeof first === 'string' && first.startsWith('\uFEFF')) lines[0] = first.slice(1)
    this.#started = true
    return lines
  }
}

function tooLong(): BadLine {
  return new BadLine('is longer than 1 MiB', 'too_large')
}

function readEach(bytes: Buffer): (string | BadLine)[] {
  const lines: (string | BadLine)[] = []
  for (let start = 0; start <= bytes.length; ) {
    const next = bytes.indexOf(lineFeed, start)
    const line = bytes.subarray(start, next < 0 ? bytes.length : next)
    lines.push(line.length > longestLine ? tooLong() : isUtf8(line) ? line.toString('utf8') : new BadLine('is not valid UTF-8'))
    start += line.length + 1
  }
  return lines
}
