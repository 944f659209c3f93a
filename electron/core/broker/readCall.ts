import type { Parsed } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { type Destination, destinationOf, type PracticeOrigins } from './destination'
import { hasPlaceholder, type Piece, piecesOf } from './placeholders'

/** A call as it was asked for, read and found sound, with no value in it. */
export interface WantedRequest {
  readonly destination: Destination
  readonly method: string
  readonly query: readonly Piece[]
  readonly headers: readonly (readonly [name: string, value: readonly Piece[]])[]
  readonly body: readonly Piece[] | null
}

/** What frames the message, opens another protocol or speaks to a proxy is not the caller's. */
const ownHeaders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'keep-alive',
  'http2-settings',
])
const visibleText = /^[\t\x20-\x7e]*$/
const queryText = /^[\x21-\x7e]*$/
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD'])

function refuse(why: string): AppError {
  return new AppError('invalid_input', `Nothing was sent: ${why}.`)
}

const literals = (pieces: readonly Piece[]) => pieces.map((piece) => ('text' in piece ? piece.text : '')).join('')

/**
 * Reads what a caller of the broker wants.
 * @throws AppError invalid_input, wrong_world
 */
export function readCall(input: Parsed<'broker.call'>, practice: PracticeOrigins | null): WantedRequest {
  const destination = destinationOf(input.url, practice)
  const query = piecesOf(destination.query, 'the query')
  if (!queryText.test(literals(query))) throw refuse('the query holds characters that must be percent-encoded')
  const headers = Object.entries(input.headers ?? {}).map(([name, value]) => {
    const lower = name.toLowerCase()
    if (ownHeaders.has(lower) || lower.startsWith('proxy-')) throw refuse(`the header ${name} is set by the app`)
    const pieces = piecesOf(value, `the header ${name}`)
    if (!visibleText.test(literals(pieces))) throw refuse(`the header ${name} may hold ASCII text alone`)
    return [name, pieces] as const
  })
  const hasNoBody = input.body === undefined || (input.body === '' && bodiless.has(input.method))
  if (!hasNoBody && bodiless.has(input.method)) throw refuse(`a ${input.method} has no body`)
  const body = hasNoBody ? null : piecesOf(input.body ?? '', 'the body')
  if (![query, ...headers.map(([, value]) => value), body ?? []].some(hasPlaceholder)) {
    throw refuse('put {{secret}} or {{secret.field}} where the value belongs, in a header, the query or the body')
  }
  return { destination, method: input.method, query, headers, body }
}
