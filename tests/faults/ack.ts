/** What a client was told with an HTTP 200: from then on it must survive whatever happens. */
export type Ack =
  | { readonly ack: 'invoice'; readonly id: string }
  | { readonly ack: 'sent'; readonly id: string; readonly number: string | null }
  /** The provider's own page took the money. */
  | { readonly ack: 'paid'; readonly id: string; readonly minor: number }
  | { readonly ack: 'refund'; readonly id: string; readonly paymentId: string; readonly minor: number }
  | { readonly ack: 'entry'; readonly id: string; readonly externalId: string }
  | { readonly ack: 'import'; readonly externalIds: readonly string[] }
  | { readonly ack: 'webhook'; readonly id: string }

export function isAck(value: unknown): value is Ack {
  return typeof value === 'object' && value !== null && 'ack' in value
}
