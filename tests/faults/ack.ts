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

export const ackKinds: readonly Ack['ack'][] = ['invoice', 'sent', 'paid', 'refund', 'entry', 'import', 'webhook']

/** Kinds of work of which nothing was acknowledged: a load without them proves nothing about them. */
export function missingKinds(acks: readonly Ack[]): string[] {
  const seen = new Set(acks.map((ack) => ack.ack))
  return ackKinds.filter((kind) => !seen.has(kind)).map((kind) => `no ${kind} was acknowledged`)
}

export function isAck(value: unknown): value is Ack {
  return typeof value === 'object' && value !== null && 'ack' in value
}
