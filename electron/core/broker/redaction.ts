import { setImmediate as nextTurn } from 'node:timers/promises'
import { isGuessable, type Needle, needlesOf } from './knownForms'
import { type View, viewsOf } from './textViews'

/** What stands in place of a value. */
export const redacted = '[redacted]'
const mark = Buffer.from(redacted, 'latin1')

/**
 * How far beyond what is shown of an answer it has to be read, in bytes: as long as the longest value in its longest usual spelling. What is
 * cut off is then searched whole. (To take out what merely begins like a value would let a caller find one sign by sign.)
 */
export const readBeyond = 256 * 1024

export interface KnownValue {
  readonly value: Uint8Array
  /** It was put into this very call. */
  readonly putIn: boolean
  /** The item it is of, where that is another one than the call is made with. */
  readonly other?: string
}

/** How long a search may keep everything else waiting. */
const longestSliceMs = 20

type Range = readonly [from: number, to: number]

/** Whether a byte belongs to a word or number; every byte of a letter beyond ASCII does. */
const isWordByte = (byte: number | undefined) =>
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

/** Every occurrence of a needle, overlapping ones too. Linear in both lengths whatever they hold, as the far side may choose the text. */
function occurrences(text: Buffer, { bytes: needle, kind }: Needle): Range[] {
  const first = text.indexOf(needle)
  if (first === -1) return []
  const borders = bordersOf(needle)
  const found: Range[] = []
  let length = 0
  for (let n = first; n < text.length; n++) {
    while (length > 0 && (length === needle.length || text[n] !== needle[length])) length = borders[length - 1] ?? 0
    if (text[n] === needle[length]) length += 1
    if (length === needle.length) found.push([n + 1 - length, n + 1])
  }
  return kind === 'token' ? found.filter(([from, to]) => !isWordByte(text[from - 1]) && !isWordByte(text[to])) : found
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
  readonly #needles: (Needle & Pick<KnownValue, 'other'>)[] = []
  readonly #others = new Set<string>()

  constructor(values: readonly KnownValue[]) {
    this.learn(values)
  }

  /** More values to take out. @param values copied; the caller wipes its own */
  learn(values: readonly KnownValue[]): void {
    for (const { value, putIn, other } of values) {
      if (!putIn && isGuessable(value)) continue
      this.#needles.push(...needlesOf(value).map((needle) => (other === undefined ? needle : { ...needle, other })))
    }
  }

  /** Ids of other items whose values were taken out so far. */
  get others(): readonly string[] {
    return [...this.#others].sort()
  }

  /**
   * Long answers are searched in slices, so that nothing else waits for them.
   * @param shown how many of the bytes are given back; those beyond are only searched
   * @returns a copy without the values, and how many places were taken out; `bytes` is as it was
   */
  async redact(bytes: Buffer, shown = bytes.length): Promise<{ readonly bytes: Buffer; readonly count: number }> {
    const ranges: Range[] = []
    const views: View[] = []
    let sliceStart = performance.now()
    for (const view of viewsOf(bytes)) {
      views.push(view)
      for (const needle of this.#needles) {
        if (needle.kind === (view.joined ? 'token' : view.depth === 2 ? 'encoded' : null)) continue
        for (const [from, to] of occurrences(view.bytes, needle)) {
          const begin = view.sourceOf(from)[0]
          if (begin >= shown) continue
          ranges.push([begin, Math.min(shown, view.sourceOf(to - 1)[1])])
          if (needle.other !== undefined) this.#others.add(needle.other)
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
    return { bytes: Buffer.concat([...parts, bytes.subarray(at, shown)]), count: places.length }
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
