import type { IncomingHttpHeaders } from 'node:http'
import { jsonDepthLimit, jsonSize } from '../../shared/domain/jsonSize'
import { AppError } from '../../shared/errors'

/** Largest body of a request, in bytes (promise W5); `ledger/import` alone is streamed without a total limit. */
export const bodyLimit = 1024 * 1024

/**
 * Refuses requests that a web page could have caused: a Host that is not exactly ours (DNS rebinding), a foreign Origin, a cross-site
 * Sec-Fetch-Site (promise W6).
 * @param port the port this door listens on
 * @throws AppError misdirected (421) or forbidden (403)
 */
export function assertLocalCaller(headers: IncomingHttpHeaders, port: number): void {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
  if (headers.host === undefined || !hosts.includes(headers.host.toLowerCase())) {
    throw new AppError('misdirected', `Nothing was done: this door answers only to 127.0.0.1:${port}.`)
  }
  const origin = headers.origin
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    throw new AppError('forbidden', 'Nothing was done: requests from web pages are refused.')
  }
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'none' && site !== 'same-origin') {
    throw new AppError('forbidden', 'Nothing was done: requests from web pages are refused.')
  }
}

/**
 * Refuses a request that names more than one Host: which of them counts would be a matter of opinion (RFC 9112, 3.2).
 * @param rawHeaders names and values in turn
 * @throws AppError misdirected (421)
 */
export function assertOneHost(rawHeaders: readonly string[]): void {
  const hosts = rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')
  if (hosts.length > 1) throw new AppError('misdirected', 'Nothing was done: the request names more than one Host.')
}

/** Whether the headers announce no body at all. */
export function hasNoBody(headers: IncomingHttpHeaders): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] === undefined && (length === undefined || Number(length) === 0)
}

/** The answer to an empty body, of whatever type it says it is. */
export function emptyBody(): AppError {
  return new AppError(
    'invalid_input',
    'Nothing was done: the body is empty. Send a JSON object, {} at least, as application/json; ledger/import takes entries as application/x-ndjson.',
  )
}

/** Refuses a compressed body, which would be read as what it is not. @throws AppError unsupported_media_type (415) */
export function assertPlainBody(headers: IncomingHttpHeaders): void {
  const coding = headers['content-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'identity')
    throw new AppError('unsupported_media_type', 'Nothing was done: send the body as it is, without a Content-Encoding.')
}

/** The bearer token of a request. @returns null when there is no well-formed Authorization header */
export function bearerOf(headers: IncomingHttpHeaders): string | null {
  const match = /^Bearer ([A-Za-z0-9_\-.~+/]{1,512}=*)$/.exec(headers.authorization ?? '')
  return match?.[1] ?? null
}

/**
 * Parses a JSON body strictly: valid UTF-8, at most `jsonDepthLimit` levels.
 * @throws AppError invalid_input
 */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) throw emptyBody()
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new AppError('invalid_input', 'Nothing was done: the body is not valid UTF-8.')
  }
  if (jsonSize(text).depth > jsonDepthLimit) {
    throw new AppError('invalid_input', `Nothing was done: the body is nested deeper than ${jsonDepthLimit} levels.`)
  }
  try {
    return JSON.parse(text, withoutPrototype) as unknown
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid_input', 'Nothing was done: the body is not valid JSON.')
  }
}

/** No field of ours is called so, and code that copies objects would take it for more than a field. */
function withoutPrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new AppError('invalid_input', 'Nothing was done: there is no field __proto__.')
  return value
}
