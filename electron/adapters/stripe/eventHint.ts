import { z } from 'zod'
import type { ProviderEventHint } from '../../core/ports/paymentGateway'

const text = z.string().min(1).max(255)

/** The part of an event that is used. Its object is a hint and may be of any API version, so only ids are read from it. */
export const eventReply = z.object({
  id: text,
  object: z.literal('event'),
  type: text,
  created: z.int().nonnegative().max(99_999_999_999),
  livemode: z.boolean(),
  data: z.object({
    object: z.looseObject({ object: text.optional(), id: text.nullish() }),
  }),
})

export type EventReply = z.infer<typeof eventReply>

/** An id in a field that may also hold the expanded object. */
function idIn(field: unknown): string | null {
  if (typeof field === 'string' && field.length > 0 && field.length <= 255) return field
  const expanded = z.object({ id: text }).safeParse(field)
  return expanded.success ? expanded.data.id : null
}

/**
 * What an event points to. Events about an invoice's payment point to the invoice; a charge whose fee became known points to its
 * payment; other charges are told by their invoices as well and point to themselves.
 */
export function toHint(event: EventReply): ProviderEventHint {
  const about = event.data.object
  const hint = (objectKind: string, objectId: string | null): ProviderEventHint => ({
    providerEventId: event.id,
    type: event.type,
    objectKind,
    objectId,
    occurredAt: event.created * 1000,
    livemode: event.livemode,
  })
  switch (about.object) {
    case 'invoice':
    case 'refund':
      return hint(about.object, about.id ?? null)
    case 'invoice_payment':
      return hint('invoice', idIn(about.invoice))
    case 'charge':
      if (event.type === 'charge.updated' && idIn(about.payment_intent) !== null) {
        return hint('payment', idIn(about.payment_intent))
      }
      return hint('charge', about.id ?? null)
    default:
      return hint(about.object ?? 'unknown', about.id ?? null)
  }
}
