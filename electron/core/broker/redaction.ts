import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Needle, needlesOf, shortestElsewhere } from './knownForms'
import { type View, viewsOf } from './textViews'

/** What stands in place of a value. */
export const redacted = '[redacted]'
const mark = Buffer.from(redacted, 'latin1')

/** At the end of an answer that was cut off, the beginning of a value is taken out from this many bytes on. */
const shortestBeginning = 4

export interface KnownValue {
  readonly value: Uint8Array
  /** It was put into this very call. */
  readonly putIn: boolean
}

/** How long a search may keep everything else waiting. */
const longestSliceMs = 20

type Range = readonly [from: number, to: number]

/** Whether a byte belongs to a word or number; every byte of a letter beyond ASCII does. */
export const isWordByte = (byte: number | undefined) =>
  byte !== undefined && ((byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 122) || byte === 95 || byte >= 0x80)

/** For each prefix of a needle the length of its longest border (Knuth, Morris and Pratt, 1977). */
function bordersOf(needle: Buffer): Uint32Array {
  const borders = new Uint32Array(needle.length)
  let length = 0
  for (let n = 1; n < needle.length; n++) {
    while (length > 0 && needle[n] !== needle[length]) length = borders[length - 1] ?? 0
    if (needle[n] === needle[length]) length += 1
    borders[n] = length
  }
  return borders
}

/**
 * Ends of every occurrence of a needle from `start` on, overlapping ones too, and how much of it stands at the end of the text. Linear in
 * both lengths whatever they hold, as the far side may choose the text.
 */
function scan(text: Buffer, needle: Buffer, start: number): { readonly ends: number[]; readonly beginning: number } {
  const borders = bordersOf(needle)
  const ends: number[] = []
  let length = 0
  for (let n = start; n < text.length; n++) {
    while (length > 0 && (length === needle.length || text[n] !== needle[length])) length = borders[length - 1] ?? 0
    if (text[n] === needle[length]) length += 1
    if (length === needle.length) ends.push(n + 1)
  }
  return { ends, beginning: length === needle.length ? 0 : length }
}

function occurrences(view: View, { bytes: needle, kind }: Needle, cutShort: boolean): Range[] {
  const { bytes: text } = view
  const first = text.indexOf(needle)
  const tail = Math.max(0, text.length - needle.length + 1)
  if (first === -1 && !cutShort) return []
  const { ends, beginning } = scan(text, needle, first === -1 ? tail : first)
  const found = ends.map((end): Range => [end - needle.length, end])
  const whole = kind === 'token' ? found.filter(([from, to]) => !isWordByte(text[from - 1]) && !isWordByte(text[to])) : found
  return cutShort && beginning >= shortestBeginning ? [...whole, [text.length - beginning, text.length]] : whole
}

function merged(ranges: readonly Range[]): Range[] {
  const out: [number, number][] = []
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}

/**
 * Takes known values out of what comes back from a call. It cannot undo what a far side does on purpose (its own cipher, a picture of the
 * text): the hosts of a grant are chosen by the owner, and this keeps their ordinary answers clean.
 */
export class Redactor {
  readonly #needles: Needle[] = []

  constructor(values: readonly KnownValue[]) {
    this.learn(values)
  }

  /** More values to take out. @param values copied; the caller wipes its own */
  learn(values: readonly KnownValue[]): void {
    for (const { value, putIn } of values) {
      if (value.length >= (putIn ? 1 : shortestElsewhere)) this.#needles.push(...needlesOf(value))
    }
  }

  /**
   * Long answers are searched in slices, so that nothing else waits for them.
   * @param cutShort the bytes are the beginning of something longer
   * @returns a copy without the values, and how many places were taken out; `bytes` is as it was
   */
  async redact(bytes: Buffer, cutShort = false): Promise<{ readonly bytes: Buffer; readonly count: number }> {
    const ranges: Range[] = []
    const views: View[] = []
    let sliceStart = performance.now()
    for (const view of viewsOf(bytes)) {
      views.push(view)
      for (const needle of this.#needles) {
        if (view.depth === 2 && needle.kind === 'encoded') continue
        for (const [from, to] of occurrences(view, needle, cutShort)) {
          ranges.push([view.sourceOf(from)[0], view.sourceOf(to - 1)[1]])
        }
        if (performance.now() - sliceStart < longestSliceMs) continue
        await nextTurn()
        sliceStart = performance.now()
      }
    }
    for (const view of views.slice(1)) view.bytes.fill(0)
    const places = merged(ranges)
    const parts: Buffer[] = []
    let at = 0
    for (const [from, to] of places) {
      parts.push(bytes.subarray(at, from), mark)
      at = to
    }
    return { bytes: Buffer.concat([...parts, bytes.subarray(at)]), count: places.length }
  }

  /** As `redact`, for names and values of headers. */
  async redactText(text: string): Promise<{ readonly text: string; readonly count: number }> {
    const bytes = Buffer.from(text, 'latin1')
    const clean = await this.redact(bytes)
    bytes.fill(0)
    return clean.count === 0 ? { text, count: 0 } : { text: clean.bytes.toString('latin1'), count: clean.count }
  }

  /** Overwrites every value and spelling; nothing is found any more. */
  wipe(): void {
    for (const { bytes } of this.#needles) bytes.fill(0)
  }
}
