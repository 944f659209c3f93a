import { createHmac, timingSafeEqual } from 'node:crypto'

/** Oldest signature that is accepted, and how far ahead of our clock it may be. Seconds. */
export const toleranceSeconds = 300
export const aheadSeconds = 60

const timestampPattern = /^[0-9]{1,12}$/
const macPattern = /^[0-9a-f]{64}$/

/**
 * Checks a `Stripe-Signature` header: `t=<unix seconds>,v1=<hex>[,v1=...]`, where v1 = HMAC-SHA256(secret, `${t}.${rawBody}`)
 * (https://docs.stripe.com/webhooks#verify-manually). Accepted when any v1 matches any secret. Unlike Stripe's library, a timestamp from
 * the future is refused too (promise W1).
 * @param now UTC epoch milliseconds
 * @returns null when the signature is good, else why it is not
 */
export function signatureProblem(
  header: string | undefined,
  rawBody: Uint8Array,
  secrets: readonly string[],
  now: number,
): string | null {
  if (header === undefined || header.length > 4096) return 'the signature header is missing or too long'
  const parts = header.split(',').map((part) => part.trim().split('='))
  const timestamps = parts.filter(([name]) => name === 't').map(([, value]) => value ?? '')
  const macs = parts.filter(([name, ...values]) => name === 'v1' && values.length === 1).map(([, value]) => value ?? '')
  const timestamp = timestamps[0]
  if (timestamps.length !== 1 || timestamp === undefined || !timestampPattern.test(timestamp))
    return 'the signature header has no single timestamp'
  const candidates = macs.filter((mac) => macPattern.test(mac)).map((mac) => Buffer.from(mac, 'hex'))
  if (candidates.length === 0) return 'the signature header has no v1 signature'
  let matched = false
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest()
    for (const candidate of candidates) matched = timingSafeEqual(expected, candidate) || matched
  }
  if (!matched) return 'no signature matches'
  const age = now / 1000 - Number(timestamp)
  if (age > toleranceSeconds) return 'the signature is too old'
  if (age < -aheadSeconds) return 'the signature is from the future'
  return null
}
