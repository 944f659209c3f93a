import type { ProviderEventHint, WebhookReader } from '../../core/ports/paymentGateway'
import { eventReply } from './stripeReplies'
import { signatureProblem } from './webhookSignature'

/** What an event tells us: an id, a type and which object to read again. Its contents are never used. */
export function hintOf(event: unknown): ProviderEventHint | null {
  const parsed = eventReply.safeParse(event)
  if (!parsed.success) return null
  const { id, type, created, livemode, data } = parsed.data
  return {
    providerEventId: id,
    type,
    objectKind: data.object.object ?? type.split('.')[0] ?? 'unknown',
    objectId: data.object.id ?? null,
    occurredAt: created * 1000,
    livemode,
  }
}

/** Reads Stripe's webhooks: signature over the exact bytes first, contents after. */
export const stripeWebhookReader: WebhookReader = {
  read({ rawBody, signature, secrets, now }) {
    const problem = signatureProblem(signature, rawBody, secrets, now)
    if (problem !== null) return { ok: false, reason: problem }
    try {
      const hint = hintOf(JSON.parse(Buffer.from(rawBody).toString('utf8')))
      return hint === null ? { ok: false, reason: 'the body is no event of a known form' } : { ok: true, hint }
    } catch {
      return { ok: false, reason: 'the body is not JSON' }
    }
  },
}
