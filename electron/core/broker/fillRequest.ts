import { randomBytes } from 'node:crypto'
import { AppError } from '../../../shared/errors'
import type { OutboundRequest, Slot } from '../ports/outboundHttp'
import { fieldNamed, type OpenField } from '../secrets/index'
import { bodyEncoding, percentEncoded } from './encodeValue'
import { base64Of } from './knownForms'
import type { Piece } from './placeholders'
import type { WantedRequest } from './readCall'

/** A request with the values in it, and every buffer that has to be wiped after it. */
export interface FilledRequest {
  readonly request: OutboundRequest
  /** The values as they were put in, and what was made of them. */
  readonly putIn: readonly Buffer[]
  /** Fields that were used. */
  readonly fields: readonly string[]
  wipe(): void
}

const basic = /^\s*basic\s+/i
/** A line break in a header would begin another one. */
const breaksHeader = (value: Uint8Array) => value.some((byte) => byte < 0x20 || byte === 0x7f)

function refuse(why: string): AppError {
  return new AppError('invalid_input', `Nothing was sent: ${why}.`)
}

/** The field that a placeholder names; without a name the item's main value, which is its first hidden field. @throws AppError invalid_input */
function fieldOf(fields: readonly OpenField[], name: string | null): OpenField {
  const field = name === null ? fields.find(({ type }) => type === 'hidden') : fieldNamed(fields, name)
  if (field === undefined) {
    throw refuse(name === null ? 'this secret has no hidden field; name the field' : `this secret has no field ${name}`)
  }
  if (field.type === 'totp') throw refuse(`the field ${field.name} makes one-time codes and is not put into calls`)
  if (field.value.length === 0) throw refuse(`the field ${field.name} is empty`)
  return field
}

class Filling {
  readonly slots: Slot[] = []
  readonly made: Buffer[] = []
  readonly putIn: Buffer[] = []
  readonly names = new Set<string>()
  readonly #fields: readonly OpenField[]

  constructor(fields: readonly OpenField[]) {
    this.#fields = fields
  }

  /** The bytes of a piece, in an encoding. */
  bytes(piece: Piece, encode: (value: Uint8Array) => Buffer): Buffer {
    if ('text' in piece) return Buffer.from(piece.text, 'utf8')
    const field = fieldOf(this.#fields, piece.field)
    this.names.add(field.name)
    this.putIn.push(field.value)
    const bytes = encode(field.value)
    this.made.push(bytes)
    return bytes
  }

  /** The bytes of several pieces. */
  joined(pieces: readonly Piece[], encode: (value: Uint8Array) => Buffer): Buffer {
    const bytes = Buffer.concat(pieces.map((piece) => this.bytes(piece, encode)))
    this.made.push(bytes)
    return bytes
  }

  /** A marker that stands for bytes until the request leaves. */
  slot(value: Uint8Array): string {
    const marker = `chslot${randomBytes(16).toString('hex')}`
    this.slots.push({ marker, value })
    return marker
  }

  /** Pieces as a text in which markers stand for the values. */
  marked(pieces: readonly Piece[], encode: (value: Uint8Array) => Buffer): string {
    return pieces.map((piece) => ('text' in piece ? piece.text : this.slot(this.bytes(piece, encode)))).join('')
  }

  /** A header's value. `Basic {{secret.user}}:{{secret.password}}` is encoded as RFC 7617 asks. */
  header(name: string, pieces: readonly Piece[]): string {
    const [first] = pieces
    const scheme = first !== undefined && 'text' in first ? basic.exec(first.text)?.[0] : undefined
    const hasValue = pieces.some((piece) => 'field' in piece)
    if (name.toLowerCase() === 'authorization' && scheme !== undefined && first !== undefined && 'text' in first && hasValue) {
      const rest = [{ text: first.text.slice(scheme.length) }, ...pieces.slice(1)]
      const encoded = base64Of(this.joined(rest, Buffer.from))
      this.made.push(encoded)
      this.putIn.push(encoded)
      return `Basic ${this.slot(encoded)}`
    }
    return this.marked(pieces, (value) => {
      if (breaksHeader(value))
        throw refuse(`the value holds line breaks or control characters and cannot stand in the header ${name}`)
      return Buffer.from(value)
    })
  }
}

/**
 * Puts the fields of an item into a request.
 * @throws AppError invalid_input for a field that is not there, is empty or cannot stand where it should
 */
export function fillRequest(wanted: WantedRequest, fields: readonly OpenField[], maxBytes: number): FilledRequest {
  const filling = new Filling(fields)
  const wipe = () => {
    for (const bytes of filling.made) bytes.fill(0)
  }
  try {
    const path = wanted.destination.path + filling.marked(wanted.query, percentEncoded)
    const headers = wanted.headers.map(([name, pieces]) => [name, filling.header(name, pieces)] as const)
    const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]
    const body = wanted.body === null ? null : filling.joined(wanted.body, bodyEncoding(contentType))
    return {
      request: { method: wanted.method, path, headers, slots: filling.slots, body, maxBytes },
      putIn: filling.putIn,
      fields: [...filling.names],
      wipe,
    }
  } catch (error) {
    wipe()
    throw error
  }
}
