import { createHmac, timingSafeEqual } from 'node:crypto'

/** A signature older than this is refused (promise W1). Milliseconds. */
const oldest = 300_000
/** A signature from further ahead than this is refused: clocks differ by less. Milliseconds. */
const furthestAhead = 60_000
/** More candidates than a provider ever sends are a waste of our time. */
const mostCandidates = 16

export type SignatureVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: 'no signature' | 'malformed signature' | 'wrong signature' | 'too old' | 'from the future'
    }

interface Header {
  /** As it stands in the header: it is part of what was signed. */
  readonly timestamp: string
  readonly candidates: readonly Buffer[]
}

function parse(header: string): Header | null {
  const timestamps: string[] = []
  const candidates: Buffer[] = []
  for (const item of header.split(',')) {
    const at = item.indexOf('=')
    const name = item.slice(0, Math.max(at, 0)).trim()
    const value = item.slice(at + 1)
    if (name === 't') timestamps.push(value)
    if (name === 'v1' && /^[0-9a-f]{64}$/.test(value)) candidates.push(Buffer.from(value, 'hex'))
  }
  const [timestamp, ...others] = timestamps
  if (timestamp === undefined || others.length > 0 || !/^[1-9][0-9]{0,11}$/.test(timestamp)) return null
  if (candidates.length > mostCandidates) return null
  return { timestamp, candidates }
}

/**
 * Checks a `Stripe-Signature` header: `t=<unix seconds>,v1=<hex>[,v1=<hex>...]`, where v1 is HMAC-SHA256 of `<t>.<raw body>` under a
 * signing secret (https://docs.stripe.com/webhooks#verify-manually). One match of any v1 with any secret is enough; v0 never is.
 * @param rawBody the exact bytes received
 * @param secrets the signing secrets in use, with their `whsec_`
 * @param now UTC epoch milliseconds
 */
export function checkSignature(request: {
  readonly rawBody: Uint8Array
  readonly header: string | undefined
  readonly secrets: readonly string[]
  readonly now: number
}): SignatureVerdict {
  if (request.header === undefined || request.header === '') return { ok: false, reason: 'no signature' }
  const header = parse(request.header)
  if (header === null) return { ok: false, reason: 'malformed signature' }
  let matches = false
  for (const secret of request.secrets) {
    if (secret === '') continue
    const expected = createHmac('sha256', secret).update(`${header.timestamp}.`).update(request.rawBody).digest()
    for (const candidate of header.candidates) if (timingSafeEqual(candidate, expected)) matches = true
  }
  if (!matches) return { ok: false, reason: 'wrong signature' }
  const signedAt = Number(header.timestamp) * 1000
  if (request.now - signedAt > oldest) return { ok: false, reason: 'too old' }
  if (signedAt - request.now > furthestAhead) return { ok: false, reason: 'from the future' }
  return { ok: true }
}
