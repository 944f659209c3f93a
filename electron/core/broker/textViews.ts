/** Bytes as a reader would take them after undoing an encoding. */
export interface View {
  readonly bytes: Buffer
  /** How many encodings were undone. */
  readonly depth: number
  /** Its lines were joined, so that a word of it may be made of two. */
  readonly joined: boolean
  /** Where a byte of this view stands in the bytes as received: start and end of what it was written as. */
  readonly sourceOf: (at: number) => readonly [from: number, to: number]
}

/** What one escape stands for and how many bytes it takes; null where none begins. */
type Decoder = (bytes: Buffer, at: number) => { readonly value: readonly number[]; readonly length: number } | null

const [percent, plus, backslash, ampersand, semicolon, hash] = [0x25, 0x2b, 0x5c, 0x26, 0x3b, 0x23]
const [lineFeed, carriageReturn, slash, letterN, letterR] = [0x0a, 0x0d, 0x2f, 0x6e, 0x72]

function hexValue(bytes: Buffer, at: number, digits: number): number | null {
  let value = 0
  for (let n = at; n < at + digits; n++) {
    const code = bytes[n] ?? 0
    const digit = code >= 48 && code <= 57 ? code - 48 : (code | 32) >= 97 && (code | 32) <= 102 ? (code | 32) - 87 : -1
    if (digit < 0) return null
    value = value * 16 + digit
  }
  return value
}

/** RFC 3629. */
function utf8(point: number): number[] {
  if (point < 0x80) return [point]
  if (point < 0x800) return [0xc0 | (point >> 6), 0x80 | (point & 63)]
  if (point < 0x10000) return [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)]
  return [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)]
}

/** RFC 3986 section 2.1. */
const ofPercent: Decoder = (bytes, at) => {
  if (bytes[at] !== percent) return null
  const value = hexValue(bytes, at + 1, 2)
  return value === null ? null : { value: [value], length: 3 }
}

/** application/x-www-form-urlencoded: a plus sign is a space. */
const ofForm: Decoder = (bytes, at) => (bytes[at] === plus ? { value: [0x20], length: 1 } : ofPercent(bytes, at))

const jsonEscapes = new Map([...'"\\/bfnrt\''].map((letter, n) => [letter.charCodeAt(0), '"\\/\b\f\n\r\t\''.charCodeAt(n)]))

/** RFC 8259 section 7, and the \xXX of other languages. */
const ofJson: Decoder = (bytes, at) => {
  if (bytes[at] !== backslash) return null
  const letter = bytes[at + 1]
  if (letter === 0x78) {
    const value = hexValue(bytes, at + 2, 2)
    return value === null ? null : { value: utf8(value), length: 4 }
  }
  if (letter !== 0x75) {
    const value = letter === undefined ? undefined : jsonEscapes.get(letter)
    return value === undefined ? null : { value: [value], length: 2 }
  }
  const unit = hexValue(bytes, at + 2, 4)
  if (unit === null) return null
  const isHigh = unit >= 0xd800 && unit < 0xdc00
  const low = isHigh && bytes[at + 6] === backslash && bytes[at + 7] === 0x75 ? hexValue(bytes, at + 8, 4) : null
  if (low === null || low < 0xdc00 || low > 0xdfff) return { value: utf8(unit), length: 6 }
  return { value: utf8(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)), length: 12 }
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])
const longestEntity = 10

/** Character references of HTML and XML. */
const ofHtml: Decoder = (bytes, at) => {
  if (bytes[at] !== ampersand) return null
  const end = bytes.subarray(at, at + longestEntity).indexOf(semicolon)
  if (end < 2) return null
  const name = bytes.toString('latin1', at + 1, at + end)
  const length = end + 1
  if (bytes[at + 1] !== hash) {
    const character = entities.get(name)
    return character === undefined ? null : { value: [character.charCodeAt(0)], length }
  }
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name)
  if (digits === null) return null
  const point = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16)
  return point > 0x10ffff ? null : { value: utf8(point), length }
}

/**
 * Lines of a long encoded text (RFC 2045 section 6.8) joined again, also where the text stands in JSON with its line breaks and slashes
 * escaped.
 */
const ofLines: Decoder = (bytes, at) => {
  const first = bytes[at]
  if (first === lineFeed || first === carriageReturn) return { value: [], length: 1 }
  const letter = bytes[at + 1]
  if (first !== backslash || letter === undefined) return null
  if (letter === letterN || letter === letterR) return { value: [], length: 2 }
  return letter === slash ? { value: [slash], length: 2 } : null
}

interface Encoding {
  /** Bytes with which an escape begins. */
  readonly starters: readonly number[]
  readonly decode: Decoder
}

const lines: Encoding = { starters: [lineFeed, carriageReturn, backslash], decode: ofLines }
const encodings: readonly Encoding[] = [
  { starters: [percent], decode: ofPercent },
  { starters: [plus], decode: ofForm },
  { starters: [backslash], decode: ofJson },
  { starters: [ampersand], decode: ofHtml },
]

/** Where the next of some bytes stands; the length of the text when there is none. */
function nextOf(bytes: Buffer, starters: readonly number[], at: number): number {
  let next = bytes.length
  for (const starter of starters) {
    const found = bytes.subarray(0, next).indexOf(starter, at)
    if (found !== -1) next = found
  }
  return next
}

/** Undoes one encoding; null where nothing was written in it. Stretches without escapes are copied whole. */
function undo(view: View, { starters, decode }: Encoding): View | null {
  const { bytes } = view
  const out = Buffer.alloc(bytes.length)
  /** Of each escape: where its bytes begin and end in `out`, and where it stands in `bytes`. */
  const escapes: (readonly [outFrom: number, outTo: number, from: number, to: number])[] = []
  let length = 0
  let copied = 0
  for (let at = nextOf(bytes, starters, 0); at < bytes.length; ) {
    const found = decode(bytes, at)
    if (found === null) {
      at = nextOf(bytes, starters, at + 1)
      continue
    }
    length += bytes.copy(out, length, copied, at)
    copied = at + found.length
    escapes.push([length, length + found.value.length, at, copied])
    for (const byte of found.value) {
      out[length] = byte
      length += 1
    }
    at = nextOf(bytes, starters, copied)
  }
  if (escapes.length === 0) return null
  length += bytes.copy(out, length, copied)
  return { bytes: out.subarray(0, length), depth: view.depth + 1, joined: false, sourceOf: (at) => sourceIn(view, escapes, at) }
}

function sourceIn(
  view: View,
  escapes: readonly (readonly [number, number, number, number])[],
  at: number,
): readonly [number, number] {
  let low = 0
  let high = escapes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((escapes[middle]?.[0] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  const [, outTo, from, to] = escapes[low - 1] ?? [0, 0, 0, 0]
  if (at < outTo) return [view.sourceOf(from)[0], view.sourceOf(to - 1)[1]]
  return view.sourceOf(to + at - outTo)
}

/**
 * A text as received, with its lines joined, and as it reads after undoing one or two encodings: percent and form encoding, JSON escapes,
 * HTML references. An encoding that a text does not hold gives no view. The caller wipes the bytes of all but the first.
 */
export function* viewsOf(bytes: Buffer): Generator<View> {
  const received: View = { bytes, depth: 0, joined: false, sourceOf: (at) => [at, at + 1] }
  const views = [received]
  for (let n = 0; n < views.length; n++) {
    const view = views[n]
    if (view === undefined) return
    yield view
    if (view.depth === 2) continue
    for (const encoding of encodings) {
      const next = undo(view, encoding)
      if (next !== null) views.push(next)
    }
  }
  const joined = undo(received, lines)
  if (joined !== null) yield { ...joined, joined: true }
}
