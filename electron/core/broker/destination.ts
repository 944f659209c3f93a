import { AppError } from '../../../shared/errors'
import type { OutboundTarget } from '../ports/outboundHttp'

export interface Destination {
  readonly target: OutboundTarget
  /** What limits name: the host, or the provider that a stand-in of the practice world plays. */
  readonly host: string
  readonly path: string
  /** With its `?`, placeholders still in it; empty without one. */
  readonly query: string
}

/** Where a provider's host leads in a practice world, and only there: `api.stripe.com` -> `http://127.0.0.1:4242`. */
export type PracticeOrigins = ReadonlyMap<string, string>

const httpsUrl = /^https:\/\/([^/?#]*)([^?#]*)(\?[^#]*)?$/i
const authority = /^([A-Za-z0-9.-]+)(?::([1-9]\d{0,4}))?$/
/** A name of at least two labels whose last begins with a letter: no address in any of its spellings (RFC 1123 section 2.1). */
const hostName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/
/** RFC 3986: unreserved, sub-delims, `:`, `@`, `/` and percent-encoded bytes. */
const plainPath = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?$/

function refuse(why: string): AppError {
  return new AppError('invalid_input', `Nothing was sent: ${why}.`)
}

/**
 * Reads where a call goes. What another reader could understand otherwise is refused, never repaired: user names, addresses in digits,
 * other alphabets, backslashes, dot segments, fragments.
 * @param practice null in a live vault; in a practice vault nothing but its providers' stand-ins is reached
 * @throws AppError invalid_input, wrong_world
 */
export function destinationOf(url: string, practice: PracticeOrigins | null): Destination {
  const own = practice === null ? null : standIn(url, practice)
  if (own !== null) return own
  const match = httpsUrl.exec(url)
  if (match === null) throw refuse('the address must be an https one, without a fragment')
  const [, where = '', written = '', query = ''] = match
  const parts = authority.exec(where)
  const host = parts?.[1]?.toLowerCase() ?? ''
  const port = Number(parts?.[2] ?? 443)
  if (parts === null || !hostName.test(host) || port > 65_535) {
    throw refuse('the address must name a host such as api.example.com, in letters; addresses in digits are not called')
  }
  const path = pathOf(written)
  if (practice === null) return { target: { scheme: 'https', host, port }, host, path, query }
  const origin = port === 443 ? practice.get(host) : undefined
  if (origin === undefined) {
    throw new AppError('wrong_world', 'Nothing was sent: a practice vault reaches its practice providers alone.')
  }
  return { target: targetOf(origin), host, path, query }
}

/** A stand-in that is called by its own address. */
function standIn(url: string, practice: PracticeOrigins): Destination | null {
  for (const [host, origin] of practice) {
    if (!url.startsWith(origin)) continue
    const rest = /^((?:\/[^?#]*)?)(\?[^#]*)?$/.exec(url.slice(origin.length))
    if (rest !== null) return { target: targetOf(origin), host, path: pathOf(rest[1] ?? ''), query: rest[2] ?? '' }
  }
  return null
}

function targetOf(origin: string): OutboundTarget {
  const { hostname, port } = new URL(origin)
  return { scheme: 'http', host: hostname, port: Number(port) }
}

function pathOf(written: string): string {
  if (written.includes('{{')) throw refuse('a placeholder may stand in the query, in headers and in the body, not in the path')
  if (!plainPath.test(written)) throw refuse('the path holds characters that must be percent-encoded')
  const path = written === '' ? '/' : written
  if (new URL(`https://x.example${path}`).pathname !== path) throw refuse('the path must be written without dot segments')
  return path
}
