/** A spelling of a known value that is searched for. */
export interface Needle {
  readonly bytes: Buffer
  /** `plain` and `token` are the value itself, and also sought where two encodings are undone; `token` counts only where it stands alone. */
  readonly kind: 'plain' | 'encoded' | 'token'
}

/** Values of fewer bytes than this are sought only where they stand alone, as a word or number: they would tear ordinary text. */
export const shortest = 6
/** A value of fewer bits than this can be found by trying: all of its kind fit into the texts of a script's afternoon. */
const fewBits = 40
/** Lines of a value of several lines (a PEM key) are sought one by one from this length on. */
const shortestLine = 16

const standard = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1')
const urlSafe = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', 'latin1')
const lowerHex = Buffer.from('0123456789abcdef', 'latin1')
const upperHex = Buffer.from('0123456789ABCDEF', 'latin1')

/** How many signs there are of the kinds that a value holds: digits, letters of either case, all others. */
function signsIn(value: Uint8Array): number {
  let [digits, upper, lower, others] = [0, 0, 0, 0]
  for (const byte of value) {
    if (byte >= 0x30 && byte <= 0x39) digits = 10
    else if (byte >= 0x41 && byte <= 0x5a) upper = 26
    else if (byte >= 0x61 && byte <= 0x7a) lower = 26
    else others = 32
  }
  return digits + upper + lower + others
}

/**
 * Whether a value is so short, for the kinds of signs in it, that it can be found by trying. Such a value is sought only where it was put
 * in: whoever lets a far side echo every PIN there is would see by the one that is missing which of them is in the vault.
 */
export function isGuessable(value: Uint8Array): boolean {
  return value.length * Math.log2(signsIn(value)) < fewBits
}

/**
 * Base64 (RFC 4648) of a value as it looks within a longer encoded text in which `shift` bytes (modulo 3) stand before it: the characters
 * that the value alone decides.
 * @param whole with the last character too, as where the value ends the text
 */
function base64(value: Uint8Array, alphabet: Buffer, shift: number, whole: boolean): Buffer {
  const first = Math.ceil((8 * shift) / 6)
  const end = whole ? Math.ceil((8 * (shift + value.length)) / 6) : Math.floor((8 * (shift + value.length)) / 6)
  const out = Buffer.alloc(Math.max(0, end - first))
  const bit = (n: number) => {
    const byte = value[(n >> 3) - shift] ?? 0
    return (byte >> (7 - (n & 7))) & 1
  }
  for (let n = first; n < end; n++) {
    let index = 0
    for (let b = 6 * n; b < 6 * n + 6; b++) index = (index << 1) | bit(b)
    out[n - first] = alphabet[index] ?? 0
  }
  return out
}

/** Base64 of a value with its padding (RFC 4648 section 4), built byte by byte. */
export function base64Of(value: Uint8Array): Buffer {
  return Buffer.concat([base64(value, standard, 0, true), Buffer.from('='.repeat((3 - (value.length % 3)) % 3), 'latin1')])
}

function hex(value: Uint8Array, digits: Buffer): Buffer {
  const out = Buffer.alloc(value.length * 2)
  value.forEach((byte, n) => {
    out[2 * n] = digits[byte >> 4] ?? 0
    out[2 * n + 1] = digits[byte & 15] ?? 0
  })
  return out
}

/** UTF-16 of an ASCII value; null for any other. */
function utf16(value: Uint8Array, littleEndian: boolean): Buffer | null {
  if (value.some((byte) => byte > 0x7f)) return null
  const out = Buffer.alloc(value.length * 2)
  value.forEach((byte, n) => {
    out[2 * n + (littleEndian ? 0 : 1)] = byte
  })
  return out
}

/** A UTF-8 value whose bytes a far side took for Latin-1 characters and wrote as UTF-8, as servers do with headers; null for an ASCII one. */
function asLatin1InUtf8(value: Uint8Array): Buffer | null {
  if (value.every((byte) => byte < 0x80)) return null
  const out = Buffer.alloc(value.length * 2)
  let length = 0
  for (const byte of value) {
    if (byte >= 0x80) out[length++] = 0xc0 | (byte >> 6)
    out[length++] = byte >= 0x80 ? 0x80 | (byte & 63) : byte
  }
  return out.subarray(0, length)
}

/** A UTF-8 value in Latin-1; null for an ASCII one, one that has no such form, and one that becomes too short to be sought. */
function inLatin1(value: Uint8Array): Buffer | null {
  if (value.every((byte) => byte < 0x80)) return null
  const out = Buffer.alloc(value.length)
  let length = 0
  for (let n = 0; n < value.length; n++) {
    const byte = value[n] ?? 0
    if (byte > 0xc3 || (byte >= 0x80 && byte < 0xc2)) return null
    if (byte >= 0x80) n += 1
    out[length++] = byte >= 0x80 ? ((byte & 3) << 6) | ((value[n] ?? 0) & 63) : byte
  }
  return length < shortest ? null : out.subarray(0, length)
}

function linesOf(value: Uint8Array): Buffer[] {
  const lines: Buffer[] = []
  let from = 0
  for (let n = 0; n <= value.length; n++) {
    if (n < value.length && value[n] !== 0x0a && value[n] !== 0x0d) continue
    if (n - from >= shortestLine && n - from < value.length) lines.push(Buffer.from(value.subarray(from, n)))
    from = n + 1
  }
  return lines
}

/**
 * Every spelling of a value that is taken out of an answer: itself, base64 and base64url at each of the three alignments, hexadecimal in
 * both cases, UTF-16, Latin-1 and UTF-8 taken for it, and each long line of a value of several lines. Escapes (percent, JSON, HTML) and line
 * breaks are undone in the text instead.
 * Everything is built byte by byte, so that no spelling becomes a text that could not be wiped.
 */
export function needlesOf(value: Uint8Array): Needle[] {
  const plain = Buffer.from(value)
  if (value.length < shortest) return value.length === 0 ? [] : [{ bytes: plain, kind: 'token' }]
  const isUrlSafe = (bytes: Buffer) => !bytes.includes(0x2b) && !bytes.includes(0x2f)
  const encoded: (Buffer | null)[] = [hex(value, lowerHex), hex(value, upperHex), utf16(value, true), utf16(value, false)]
  for (const [shift, whole] of [
    [0, true],
    [0, false],
    [1, false],
    [2, false],
  ] as const) {
    const usual = base64(value, standard, shift, whole)
    encoded.push(usual)
    if (!isUrlSafe(usual)) encoded.push(base64(value, urlSafe, shift, whole))
  }
  return [
    { bytes: plain, kind: 'plain' },
    ...linesOf(value).map((bytes): Needle => ({ bytes, kind: 'plain' })),
    ...[asLatin1InUtf8(value), inLatin1(value)].flatMap((bytes): Needle[] => (bytes === null ? [] : [{ bytes, kind: 'plain' }])),
    ...encoded.flatMap((bytes): Needle[] => (bytes === null || bytes.length === 0 ? [] : [{ bytes, kind: 'encoded' }])),
  ]
}
