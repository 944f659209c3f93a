const unreserved = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~', 'latin1')
const upperHex = Buffer.from('0123456789ABCDEF', 'latin1')
const [quote, backslash, percent] = [0x22, 0x5c, 0x25]

/** A value in a query or a form: percent-encoded, but for unreserved characters (RFC 3986 section 2). */
export function percentEncoded(value: Uint8Array): Buffer {
  return escaped(
    value,
    (byte) => !unreserved.includes(byte),
    (byte) => [percent, ...hexDigits(byte)],
  )
}

/** A value within a JSON string (RFC 8259 section 7). */
export function jsonEncoded(value: Uint8Array): Buffer {
  return escaped(
    value,
    (byte) => byte < 0x20 || byte === quote || byte === backslash,
    (byte) => (byte < 0x20 ? [backslash, 0x75, 0x30, 0x30, ...hexDigits(byte)] : [backslash, byte]),
  )
}

function hexDigits(byte: number): number[] {
  return [upperHex[byte >> 4] ?? 0, upperHex[byte & 15] ?? 0]
}

function escaped(value: Uint8Array, isSpecial: (byte: number) => boolean, spell: (byte: number) => number[]): Buffer {
  const room = Buffer.alloc(value.length * 6)
  let length = 0
  for (const byte of value) {
    for (const part of isSpecial(byte) ? spell(byte) : [byte]) {
      room[length] = part
      length += 1
    }
  }
  const out = Buffer.from(room.subarray(0, length))
  room.fill(0)
  return out
}

/** How a value stands in a body of a media type: escaped where the type has a way to, else as it is. */
export function bodyEncoding(contentType: string | undefined): (value: Uint8Array) => Buffer {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/x-www-form-urlencoded') return percentEncoded
  return type === 'application/json' || type.endsWith('+json') ? jsonEncoded : (value) => Buffer.from(value)
}
