import { createHash, timingSafeEqual } from 'node:crypto'
import { unauthorized } from './errors'

/** `sk_test_****1234`, as Stripe shows a key it refuses. */
function redacted(key: string): string {
  return key.length <= 12
    ? '*'.repeat(key.length)
    : `${key.slice(0, 8)}${'*'.repeat(Math.min(20, key.length - 12))}${key.slice(-4)}`
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Bearer or basic (key as user name). @throws ApiError 401 */
export function checkSecretKey(header: string | undefined, secretKey: string): void {
  const [scheme = '', credentials = ''] = (header ?? '').split(' ')
  const key = scheme.toLowerCase() === 'basic' ? (Buffer.from(credentials, 'base64').toString().split(':')[0] ?? '') : credentials
  if (!['bearer', 'basic'].includes(scheme.toLowerCase()) || key === '')
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    )
  if (!timingSafeEqual(digest(key), digest(secretKey))) throw unauthorized(`Invalid API Key provided: ${redacted(key)}`)
}
