import type { WebhookReader } from '../../core/ports/paymentGateway'
import { eventReply, toHint } from './eventHint'
import { checkSignature } from './webhookSignature'

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

/** Checks the signature over the raw bytes first; only a genuine body is parsed. */
export const stripeWebhookReader: WebhookReader = {
  read({ rawBody, signature, secrets, now }) {
    const verdict = checkSignature({ rawBody, header: signature, secrets, now })
    if (!verdict.ok) return verdict
    const event = eventReply.safeParse(parseJson(rawBody))
    if (!event.success) return { ok: false, reason: 'not an event of the v1 API' }
    return { ok: true, hint: toHint(event.data) }
  },
}
