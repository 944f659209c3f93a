import { Duplex } from 'node:stream'
import type { Slot } from '../../core/ports/outboundHttp'

/** Puts bytes in the places of their markers. @returns the piece itself where it holds none, else a copy that the caller wipes */
export function fillSlots(piece: Buffer, slots: readonly Slot[]): Buffer {
  const parts: Uint8Array[] = []
  let from = 0
  for (;;) {
    let next = piece.length
    let found: Slot | undefined
    for (const slot of slots) {
      const at = piece.indexOf(slot.marker, from, 'latin1')
      if (at !== -1 && at < next) {
        next = at
        found = slot
      }
    }
    if (found === undefined) break
    parts.push(piece.subarray(from, next), found.value)
    from = next + found.marker.length
  }
  return parts.length === 0 ? piece : Buffer.concat([...parts, piece.subarray(from)])
}

/**
 * A stream around a connection that puts the bytes of its slots into the head of the request as it leaves: Node's client builds that head
 * as a text, which nobody could wipe.
 */
export class Wire extends Duplex {
  readonly #inner: Duplex
  readonly #slots: readonly Slot[]
  #headLeft = false

  constructor(inner: Duplex, slots: readonly Slot[]) {
    super()
    this.#inner = inner
    this.#slots = slots
    inner.on('data', (piece: Buffer) => {
      if (!this.push(piece)) inner.pause()
    })
    inner.on('end', () => this.push(null))
    inner.on('error', (error) => this.destroy(error))
    inner.on('close', () => {
      if (!inner.readableEnded) this.destroy()
    })
    inner.pause()
  }

  override _read(): void {
    this.#inner.resume()
  }

  override _write(piece: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const filled = this.#headLeft ? piece : fillSlots(piece, this.#slots)
    this.#headLeft = true
    this.#inner.write(filled, (error) => {
      if (filled !== piece) filled.fill(0)
      done(error)
    })
  }

  override _final(done: () => void): void {
    this.#inner.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner.destroy()
    done(error)
  }
}
