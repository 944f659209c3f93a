/** What is read again because of an event. */
export type TargetKind = 'invoice' | 'refund'

/** How the object to read is found: it is the event's own, or the invoice of the payment that the event speaks of. */
export type Route = { readonly kind: 'direct'; readonly target: TargetKind } | { readonly kind: 'invoiceOfPayment' }

/**
 * What an event about an object leads to; null for objects that change nothing in the books.
 * @param objectKind as in `ProviderEventHint`
 */
export function routeOf(objectKind: string): Route | null {
  if (objectKind === 'invoice' || objectKind === 'refund') return { kind: 'direct', target: objectKind }
  if (objectKind === 'payment') return { kind: 'invoiceOfPayment' }
  return null
}

/** Failures after which an event goes to the dead-letter list (promise W4). */
export const mostAttempts = 5
